// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_SOUND_DITHER_H
#define GRUS_TOOLS_SOUND_DITHER_H

#include <stddef.h>
#include <stdint.h>

/**
   Round to whole numbers of `bits` bits, which libsndfile would truncate to.

   @param bits At most 24: floats hold no more.
   @param seed Random state of triangular noise of one step to each side that is
   added before, moved on; the same seed gives the same file.  Null for none.
*/
void
dither_round(float* samples, size_t n, unsigned bits, uint32_t* seed);

#endif // GRUS_TOOLS_SOUND_DITHER_H
