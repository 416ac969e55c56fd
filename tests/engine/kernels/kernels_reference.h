// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What the kernels are compared with, and random numbers to compare on

#ifndef GRUS_TESTS_KERNELS_REFERENCE_H
#define GRUS_TESTS_KERNELS_REFERENCE_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Return the next number from -1 to 1 of a sequence that is always the same
static inline float
next_random(uint32_t* const seed)
{
  *seed = (*seed * 1664525U) + 1013904223U;
  return ((float)(*seed >> 8U) / 8388608.0f) - 1.0f;
}

static inline void
fill(float* const x, const size_t n, const float scale)
{
  static uint32_t seed = 1U;
  for (size_t i = 0U; i < n; ++i) {
    x[i] = scale * next_random(&seed);
  }
}

/// Fill a matrix of `rows` by `padded` columns, zero in the padding
static inline void
fill_padded(float* const x,
            const size_t rows,
            const size_t cols,
            const size_t padded,
            const float  scale)
{
  fill(x, rows * padded, scale);
  for (size_t r = 0U; r < rows; ++r) {
    memset(x + (r * padded) + cols, 0, (padded - cols) * sizeof(float));
  }
}

static inline double
sigma(const double x)
{
  return 1.0 / (1.0 + exp(-x));
}

#endif // GRUS_TESTS_KERNELS_REFERENCE_H
