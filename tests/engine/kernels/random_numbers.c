// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "random_numbers.h"

#include "base/random.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

void
fill(float* const x, const size_t n, const float scale)
{
  static uint32_t seed = 1U;
  for (size_t i = 0U; i < n; ++i) {
    x[i] = scale * grus_random_noise(&seed);
  }
}

void
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

void
to_doubles(double* const out, const float* const x, const size_t n)
{
  for (size_t i = 0U; i < n; ++i) {
    out[i] = (double)x[i];
  }
}
