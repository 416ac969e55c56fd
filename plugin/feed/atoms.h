// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_PLUGIN_FEED_ATOMS_H
#define GRUS_PLUGIN_FEED_ATOMS_H

#include <lv2/atom/atom.h>

#include <stdbool.h>

/// Return whether all properties of an object lie within it
bool
atom_object_is_whole(const LV2_Atom_Object* object);

#endif // GRUS_PLUGIN_FEED_ATOMS_H
