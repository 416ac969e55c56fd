// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "format/tensor.h"

#include "format/little_endian.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static float
float_of_bits(const uint32_t bits)
{
  float value = 0.0f;
  memcpy(&value, &bits, sizeof(value));
  return value;
}

/// IEEE 754 half precision
static float
load_half(const uint8_t* const p)
{
  const uint32_t half     = (uint32_t)grus_load_le(p, 2U);
  const uint32_t sign     = (half & 0x8000U) << 16U;
  const uint32_t exponent = (half >> 10U) & 31U;
  const uint32_t mantissa = half & 0x3FFU;
  if (!exponent) {
    const float tiny = (float)mantissa * 5.9604644775390625e-8f; // 2^-24
    return sign ? -tiny : tiny;
  }

  return float_of_bits(sign | (mantissa << 13U) |
                       ((exponent == 31U ? 255U : exponent + 112U) << 23U));
}

static double
load_double(const uint8_t* const p)
{
  const uint64_t bits  = grus_load_le(p, 8U);
  double         value = 0.0;
  memcpy(&value, &bits, sizeof(value));
  return value;
}

static double
load_element(const GrusTensor* const tensor, const uint64_t index)
{
  const uint8_t* const p =
    tensor->data + (index * grus_dtype_size(tensor->dtype));
  switch (tensor->dtype) {
  case GRUS_DTYPE_F32:
    return (double)float_of_bits((uint32_t)grus_load_le(p, 4U));
  case GRUS_DTYPE_F16:
    return (double)load_half(p);
  case GRUS_DTYPE_BF16:
    return (double)float_of_bits((uint32_t)grus_load_le(p, 2U) << 16U);
  case GRUS_DTYPE_F64:
    return load_double(p);
  case GRUS_DTYPE_OTHER:
    break;
  }

  return 0.0;
}

bool
grus_tensor_read(const GrusTensor* const tensor,
                 const uint64_t          first,
                 const size_t            n,
                 float* const            out)
{
  bool finite = true;
  for (size_t i = 0U; i < n; ++i) {
    out[i] = (float)load_element(tensor, first + i);
    finite = finite && isfinite(out[i]);
  }

  return finite;
}

bool
grus_tensor_read_f64(const GrusTensor* const tensor,
                     const uint64_t          first,
                     const size_t            n,
                     double* const           out)
{
  bool finite = true;
  for (size_t i = 0U; i < n; ++i) {
    out[i] = load_element(tensor, first + i);
    finite = finite && isfinite(out[i]);
  }

  return finite;
}
