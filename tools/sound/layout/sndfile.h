// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_SOUND_LAYOUT_SNDFILE_H
#define GRUS_TOOLS_SOUND_LAYOUT_SNDFILE_H

#include "sound/layout/layout.h"

#include <sndfile.h>

/**
   Find the layout of a file that libsndfile reads.

   @param info At most #GRUS_MAX_CHANNELS channels.
   @param order Set to what puts its channels into Grus' order.
*/
Layout
layout_of_sndfile(SNDFILE* file, const SF_INFO* info, ChannelOrder* order);

/// Give a WAV or RF64 file that has no samples yet a layout that is whole
void
layout_to_sndfile(Layout layout, SNDFILE* file);

#endif // GRUS_TOOLS_SOUND_LAYOUT_SNDFILE_H
