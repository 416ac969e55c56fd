// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/dither.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CHUNK = 256 }; ///< Samples whose noise is drawn at once

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

/// As rintf(), which is a call for each sample where SSE2 is all there is
static float
whole(const float x)
{
  const float large = 8388608.0f; // 2^23: what is as large has no fraction
  const float size  = fabsf(x);
  return size < large ? copysignf((size + large) - large, x) : x;
}

/// Fill with what is added to each sample: -1 to 1, triangular
static void
draw_noise(Dither* const dither, float* const noise, const size_t n)
{
  uint32_t seed = dither->seed;
  for (size_t i = 0U; i < n; ++i) {
    noise[i] = uniform(&seed);
    noise[i] -= uniform(&seed);
  }
  dither->seed = seed;
}

/// Return how many samples need no rounding before the first that does
static size_t
count_exact(const float* const samples, const size_t n, const float steps)
{
  size_t i = 0U;
  while (i < n && whole(samples[i] * steps) == samples[i] * steps) {
    ++i;
  }
  return i;
}

void
dither_round(Dither* const dither, float* const samples, const size_t n)
{
  const float steps = ldexpf(1.0f, (int)dither->bits - 1);
  const float step  = 1.0f / steps; // a power of two: no rounding
  size_t      i     = dither->noisy ? 0U : count_exact(samples, n, steps);
  dither->noisy     = dither->noisy || i < n;

  while (i < n) {
    float        noise[CHUNK] = {0.0f};
    const size_t count        = n - i < CHUNK ? n - i : CHUNK;
    if (dither->bits <= 16U) {
      draw_noise(dither, noise, count);
    }
    for (size_t k = 0U; k < count; ++k) {
      samples[i + k] = whole((samples[i + k] * steps) + noise[k]) * step;
    }
    i += count;
  }
}
