// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_SOUND_LAYOUT_SNDFILE_H
#define GRUS_TOOLS_SOUND_LAYOUT_SNDFILE_H

#include "sound/layout/layout.h"

#include <sndfile.h>

/**
   Find the layout of a file that libsndfile reads in its own order.

   @param info At most #GRUS_MAX_CHANNELS channels.
*/
Layout
layout_of_sndfile(SNDFILE* file, const SF_INFO* info);

/// Give a WAV or RF64 file that has no samples yet a layout that is whole
void
layout_to_sndfile(Layout layout, SNDFILE* file);

#endif // GRUS_TOOLS_SOUND_LAYOUT_SNDFILE_H
