// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_LIVE_CONTROL_NAMES_H
#define GRUS_TOOLS_LIVE_CONTROL_NAMES_H

#include <stddef.h>

/**
   Find the name that a word means: one that is the same, whatever its case and
   whether it has "_" for "-", else the only one that begins so.

   @param list Set to the names that fit, or to all if none does, with commas
   between them.
   @return The index of the name, or `n` if none or several fit.
*/
size_t
live_names_find(const char* const* names,
                size_t             n,
                const char*        word,
                char*              list,
                size_t             size);

#endif // GRUS_TOOLS_LIVE_CONTROL_NAMES_H
