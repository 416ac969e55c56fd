// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file wave_format.h

   What the fmt chunk of WAV and of its relatives holds.
*/

#ifndef GRUS_TOOLS_SOUND_WAV_WAVE_FORMAT_H
#define GRUS_TOOLS_SOUND_WAV_WAVE_FORMAT_H

#include "sound/layout/layout.h"

#include <sndfile.h>

#include <stddef.h>
#include <stdint.h>

/// Most bytes of a fmt chunk without its header
enum { WAVE_FORMAT_SIZE = 40 };

/// Kinds of numbers
enum {
  WAVE_PCM        = 0x0001,
  WAVE_FLOAT      = 0x0003,
  WAVE_ALAW       = 0x0006,
  WAVE_ULAW       = 0x0007,
  WAVE_EXTENSIBLE = 0xFFFE,
};

/// Store a number in little endian and return what follows it
uint8_t*
wave_store(uint8_t* p, uint64_t value, unsigned n_bytes);

/// Return the bytes of a sample, 0 if it cannot be told in a fmt chunk
uint32_t
wave_sample_size(int format);

/**
   Store a fmt chunk without its header.

   It is WAVE_FORMAT_EXTENSIBLE where the standard asks for that: above two
   channels or 16 bits, or with speakers that are not left and right.

   @param info Rate, channels and numbers, with a wave_sample_size().
   @return Its size.
*/
size_t
wave_format_store(uint8_t        p[WAVE_FORMAT_SIZE],
                  const SF_INFO* info,
                  Layout         layout);

#endif // GRUS_TOOLS_SOUND_WAV_WAVE_FORMAT_H
