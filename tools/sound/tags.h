// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_SOUND_TAGS_H
#define GRUS_TOOLS_SOUND_TAGS_H

#include <sndfile.h>

/// Copy what a sound file says about itself into one that has no samples yet,
/// as far as its format has room for it
void
metadata_copy(SNDFILE* from, SNDFILE* to);

#endif // GRUS_TOOLS_SOUND_TAGS_H
