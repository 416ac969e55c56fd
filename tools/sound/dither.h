// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_SOUND_DITHER_H
#define GRUS_TOOLS_SOUND_DITHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Rounding to whole numbers, which libsndfile would truncate to
typedef struct {
  unsigned bits;  ///< At most 24: floats hold no more
  bool     noisy; ///< Something had to be rounded
  uint32_t seed;  ///< The same one gives the same file
} Dither;

/// Return how to round to whole numbers of `bits` bits
Dither
dither_new(unsigned bits);

/**
   Round, of 16 bits and fewer with triangular noise of one step to each side.

   The noise begins with the first sample that is not a whole number, and stays:
   what was not touched passes as it is, and noise that comes and goes would be
   heard.
*/
void
dither_round(Dither* dither, float* samples, size_t n);

#endif // GRUS_TOOLS_SOUND_DITHER_H
