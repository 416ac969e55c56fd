// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file core_audio.h

   Apple's AudioChannelLayout, the chunk `chan` of CAF and `CHAN` of AIFF.
*/

#ifndef GRUS_TOOLS_SOUND_LAYOUT_CORE_AUDIO_H
#define GRUS_TOOLS_SOUND_LAYOUT_CORE_AUDIO_H

#include "sound/layout/layout.h"

#include <stddef.h>
#include <stdint.h>

/// Room for the layout of #GRUS_MAX_CHANNELS channels
enum { CORE_AUDIO_LAYOUT_SIZE = 12 + (20 * GRUS_MAX_CHANNELS) };

/**
   Read a chunk.

   @param order Set to what puts the channels of the file into Grus' order.
   @return The layout; its mask is 0 if the chunk tells nothing.
*/
Layout
layout_from_core_audio(const uint8_t* data,
                       size_t         size,
                       uint32_t       n_channels,
                       ChannelOrder*  order);

/// Write a chunk and return its size
size_t
layout_to_core_audio(Layout layout, uint8_t data[CORE_AUDIO_LAYOUT_SIZE]);

#endif // GRUS_TOOLS_SOUND_LAYOUT_CORE_AUDIO_H
