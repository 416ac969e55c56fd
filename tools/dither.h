// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_DITHER_H
#define GRUS_TOOLS_DITHER_H

#include <stddef.h>
#include <stdint.h>

/**
   Add triangular noise of one step to each side, before rounding to `bits`.

   @param seed Random state, moved on; the same seed gives the same file.
*/
void
dither_add(float* samples, size_t n, unsigned bits, uint32_t* seed);

#endif // GRUS_TOOLS_DITHER_H
