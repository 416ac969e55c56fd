// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Random numbers to compare kernels on

#ifndef GRUS_TESTS_RANDOM_NUMBERS_H
#define GRUS_TESTS_RANDOM_NUMBERS_H

#include "base/random.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline void
fill(float* const x, const size_t n, const float scale)
{
  static uint32_t seed = 1U;
  for (size_t i = 0U; i < n; ++i) {
    x[i] = scale * grus_random_noise(&seed);
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

static inline void
to_doubles(double* const out, const float* const x, const size_t n)
{
  for (size_t i = 0U; i < n; ++i) {
    out[i] = (double)x[i];
  }
}

#endif // GRUS_TESTS_RANDOM_NUMBERS_H
