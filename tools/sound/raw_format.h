// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file raw_format.h

   Raw sound says nothing about itself, so somebody has to.
*/

#ifndef GRUS_TOOLS_SOUND_RAW_FORMAT_H
#define GRUS_TOOLS_SOUND_RAW_FORMAT_H

#include <stddef.h>
#include <stdint.h>

/// Rate, channels and numbers of raw sound
typedef struct {
  uint32_t sample_rate; ///< 0 if the input is not raw
  uint32_t n_channels;
  int      numbers; ///< libsndfile's, with the order of bytes; 0: floats
} RawFormat;

/**
   Parse numbers like "s16", "s24be" or "f32le"; little endian if not told.

   @return EXIT_OK, or EXIT_USAGE after telling what there is.
*/
int
raw_format_parse(const char* name, int* numbers);

/// Return the bytes of a sample
size_t
raw_format_size(int numbers);

#endif // GRUS_TOOLS_SOUND_RAW_FORMAT_H
