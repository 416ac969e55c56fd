// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/dither.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Next number from 0 to below 1 (xorshift, Marsaglia 2003)
static float
uniform(uint32_t* const seed)
{
  *seed ^= *seed << 13U;
  *seed ^= *seed >> 17U;
  *seed ^= *seed << 5U;
  return (float)(*seed >> 8U) / 16777216.0f;
}

Dither
dither_new(const unsigned bits)
{
  const Dither dither = {bits, false, 1U};
  return dither;
}

void
dither_round(Dither* const dither, float* const samples, const size_t n)
{
  const float steps = ldexpf(1.0f, (int)dither->bits - 1);
  for (size_t i = 0U; i < n; ++i) {
    const float exact = samples[i] * steps;
    float       noise = 0.0f;
    dither->noisy     = dither->noisy || rintf(exact) != exact;
    if (dither->noisy && dither->bits <= 16U) {
      noise = uniform(&dither->seed);
      noise -= uniform(&dither->seed);
    }
    samples[i] = rintf(exact + noise) / steps;
  }
}
