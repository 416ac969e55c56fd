// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "kernels/kernels.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { LARGEST = 0x7F7F }; ///< Of the upper halves of finite floats

static uint32_t
bits_of(const float x)
{
  uint32_t bits = 0U;
  memcpy(&bits, &x, sizeof(bits));
  return bits;
}

static float
float_of(const uint32_t bits)
{
  float x = 0.0f;
  memcpy(&x, &bits, sizeof(x));
  return x;
}

/// Return the upper half of a float that comes nearest to `x` above `low`
static uint32_t
nearest(const float x, const uint32_t low)
{
  const uint32_t sign   = bits_of(x) >> 31U << 15U;
  const uint32_t middle = (bits_of(x) & 0x7FFFFFFFU) >> 16U;
  const uint32_t first  = middle ? middle - 1U : 0U;
  uint32_t       best   = 0U;
  float          least  = INFINITY;
  for (uint32_t high = first; high <= middle + 1U && high <= LARGEST; ++high) {
    const float error = fabsf(float_of((sign | high) << 16U | low) - x);
    if (error < least) {
      least = error;
      best  = sign | high;
    }
  }

  return best;
}

void
grus_pack_bf16(float* const w, const size_t rows, const size_t stride)
{
  for (size_t row = 0U; row < rows; row += 2U) {
    const float* const first = w + (row * stride);
    for (size_t i = 0U; i < stride; ++i) {
      const uint32_t low    = nearest(first[i], 0U);
      const float    second = row + 1U < rows ? first[stride + i] : 0.0f;
      const uint32_t pair   = nearest(second, low) << 16U | low;
      memcpy(w + (row / 2U * stride) + i, &pair, sizeof(pair));
    }
  }
}
