// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_SOUND_FILM_INDEX_PLACE_H
#define GRUS_TOOLS_SOUND_FILM_INDEX_PLACE_H

#include "ffmpeg/media.h"

#include <stdbool.h>

/**
   Return whether a file is MP4 or QuickTime with its index before the sound.

   Such a file plays while it is still being loaded ("fast start").
*/
bool
film_index_is_first(const MediaFile* media);

#endif // GRUS_TOOLS_SOUND_FILM_INDEX_PLACE_H
