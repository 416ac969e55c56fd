// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_VEC_SCALAR_H
#define GRUS_VEC_SCALAR_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define VEC_LEN 1U
#define TILE_VECS 2U   ///< Accumulators of a row that fit the registers
#define STEP_VECS 12U  ///< Accumulators of a GRU's step that fit the registers
#define AT_ONCE_VECS 4 ///< Vectors of a gate up to which one loop sums all

#define VEC_BYTE_BIAS 0.0f ///< Bytes of inputs are signed

typedef float   Vec;
typedef int32_t VecInt;

static inline Vec
vec_load(const float* const p)
{
  return *p;
}

/// The first `n` elements, fewer than all, and zeros
static inline Vec
vec_load_some(const float* const p, const size_t n)
{
  return n ? *p : 0.0f;
}

static inline void
vec_store(float* const p, const Vec v)
{
  *p = v;
}

static inline Vec
vec_splat(const float s)
{
  return s;
}

static inline Vec
vec_madd(const Vec a, const Vec b, const Vec c)
{
  return (a * b) + c;
}

static inline Vec
vec_add(const Vec a, const Vec b)
{
  return a + b;
}

static inline Vec
vec_sub(const Vec a, const Vec b)
{
  return a - b;
}

static inline Vec
vec_mul(const Vec a, const Vec b)
{
  return a * b;
}

static inline Vec
vec_div(const Vec a, const Vec b)
{
  return a / b;
}

/// a / b within about one unit in the last place
static inline Vec
vec_ratio(const Vec a, const Vec b)
{
  return vec_div(a, b);
}

static inline Vec
vec_max(const Vec a, const Vec b)
{
  return a > b ? a : b;
}

static inline Vec
vec_min(const Vec a, const Vec b)
{
  return a < b ? a : b;
}

/// Sum of all elements
static inline float
vec_sum(const Vec v)
{
  return v;
}

/// The first of the two bf16 numbers in each element, as floats
static inline Vec
vec_first_bf16(const Vec pairs)
{
  uint32_t bits  = 0U;
  float    first = 0.0f;
  memcpy(&bits, &pairs, sizeof(bits));
  bits <<= 16U;
  memcpy(&first, &bits, sizeof(first));
  return first;
}

/// Greatest of all elements
static inline float
vec_greatest(const Vec v)
{
  return v;
}

/// Store the lowest byte of each element
static inline void
vec_store_bytes(uint8_t* const p, const Vec v)
{
  uint32_t bits = 0U;
  memcpy(&bits, &v, sizeof(bits));
  *p = (uint8_t)(bits & 0xFFU);
}

static inline VecInt
vec_int_load(const void* const p)
{
  VecInt v = 0;
  memcpy(&v, p, sizeof(v));
  return v;
}

/// The four bytes at `p` in each element
static inline VecInt
vec_int_splat(const void* const p)
{
  return vec_int_load(p);
}

static inline VecInt
vec_int_zero(void)
{
  return 0;
}

static inline Vec
vec_of_int(const VecInt v)
{
  return (float)v;
}

/// sum + the products of the four bytes of each element, all exact
static inline VecInt
vec_dot4(const VecInt w, const VecInt x, const VecInt sum)
{
  const uint32_t a = (uint32_t)w;
  const uint32_t b = (uint32_t)x;
  return sum + ((int8_t)(a & 0xFFU) * (int8_t)(b & 0xFFU)) +
         ((int8_t)(a >> 8U & 0xFFU) * (int8_t)(b >> 8U & 0xFFU)) +
         ((int8_t)(a >> 16U & 0xFFU) * (int8_t)(b >> 16U & 0xFFU)) +
         ((int8_t)(a >> 24U) * (int8_t)(b >> 24U));
}

/// Nearest whole number, of less than 2^22
static inline Vec
vec_round(const Vec v)
{
  const float magic = 12582912.0f; // 1.5 * 2^23 leaves no room for fractions
  return (v + magic) - magic;
}

/// 2^n for whole n from -126 to 127
static inline Vec
vec_pow2(const Vec n)
{
  const uint32_t bits  = (uint32_t)((int32_t)n + 127) << 23U;
  float          power = 0.0f;
  memcpy(&power, &bits, sizeof(power));
  return power;
}

/// v * 2^n for whole n from -126 to 127
static inline Vec
vec_scale(const Vec v, const Vec n)
{
  return vec_mul(v, vec_pow2(n));
}

/// Floor of the base-2 logarithm of a normal positive number
static inline Vec
vec_exponent(const Vec v)
{
  uint32_t bits = 0U;
  memcpy(&bits, &v, sizeof(bits));
  return (float)((int32_t)(bits >> 23U) - 127);
}

/// v / 2^exponent(v), from 1 to below 2
static inline Vec
vec_mantissa(const Vec v)
{
  uint32_t bits     = 0U;
  float    mantissa = 0.0f;
  memcpy(&bits, &v, sizeof(bits));
  bits = (bits & 0x7FFFFFU) | 0x3F800000U;
  memcpy(&mantissa, &bits, sizeof(mantissa));
  return mantissa;
}

/// yes where a > b, else no
static inline Vec
vec_if_greater(const Vec a, const Vec b, const Vec yes, const Vec no)
{
  return a > b ? yes : no;
}

#endif // GRUS_VEC_SCALAR_H
