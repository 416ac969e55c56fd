// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/dither.h"

#include <math.h>
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

void
dither_round(float* const    samples,
             const size_t    n,
             const unsigned  bits,
             uint32_t* const seed)
{
  const float steps = ldexpf(1.0f, (int)bits - 1);
  for (size_t i = 0U; i < n; ++i) {
    float noise = 0.0f;
    if (seed) {
      noise = uniform(seed);
      noise -= uniform(seed);
    }
    samples[i] = rintf((samples[i] * steps) + noise) / steps;
  }
}
