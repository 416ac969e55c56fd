// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_VEC_NEON_H
#define GRUS_VEC_NEON_H

#include <arm_neon.h>

#define VEC_LEN 4U
#define TILE_VECS 5U   ///< Accumulators of a row that fit the registers
#define STEP_VECS 24U  ///< Accumulators of a GRU's step that fit the registers
#define AT_ONCE_VECS 4 ///< Vectors of a gate up to which one loop sums all

typedef float32x4_t Vec;

static inline Vec
vec_load(const float* const p)
{
  return vld1q_f32(p);
}

static inline void
vec_store(float* const p, const Vec v)
{
  vst1q_f32(p, v);
}

static inline Vec
vec_splat(const float s)
{
  return vdupq_n_f32(s);
}

static inline Vec
vec_madd(const Vec a, const Vec b, const Vec c)
{
  return vfmaq_f32(c, a, b);
}

static inline Vec
vec_add(const Vec a, const Vec b)
{
  return vaddq_f32(a, b);
}

static inline Vec
vec_sub(const Vec a, const Vec b)
{
  return vsubq_f32(a, b);
}

static inline Vec
vec_mul(const Vec a, const Vec b)
{
  return vmulq_f32(a, b);
}

static inline Vec
vec_div(const Vec a, const Vec b)
{
  return vdivq_f32(a, b);
}

static inline Vec
vec_max(const Vec a, const Vec b)
{
  return vmaxq_f32(a, b);
}

static inline Vec
vec_min(const Vec a, const Vec b)
{
  return vminq_f32(a, b);
}

/// Sum of all elements
static inline float
vec_sum(const Vec v)
{
  return vaddvq_f32(v);
}

/// The first of the two bf16 numbers in each element, as floats
static inline Vec
vec_first_bf16(const Vec pairs)
{
  return vreinterpretq_f32_u32(vshlq_n_u32(vreinterpretq_u32_f32(pairs), 16));
}

/// Nearest whole numbers
static inline Vec
vec_round(const Vec v)
{
  return vrndnq_f32(v);
}

/// 2^n for whole n from -126 to 127
static inline Vec
vec_pow2(const Vec n)
{
  const int32x4_t biased = vaddq_s32(vcvtq_s32_f32(n), vdupq_n_s32(127));
  return vreinterpretq_f32_s32(vshlq_n_s32(biased, 23));
}

/// Floor of the base-2 logarithm of normal positive numbers
static inline Vec
vec_exponent(const Vec v)
{
  const int32x4_t biased = vshrq_n_s32(vreinterpretq_s32_f32(v), 23);
  return vcvtq_f32_s32(vsubq_s32(biased, vdupq_n_s32(127)));
}

/// v / 2^exponent(v), from 1 to below 2
static inline Vec
vec_mantissa(const Vec v)
{
  const int32x4_t bits =
    vandq_s32(vreinterpretq_s32_f32(v), vdupq_n_s32(0x7FFFFF));
  return vreinterpretq_f32_s32(vorrq_s32(bits, vdupq_n_s32(0x3F800000)));
}

/// yes where a > b, else no
static inline Vec
vec_if_greater(const Vec a, const Vec b, const Vec yes, const Vec no)
{
  return vbslq_f32(vcgtq_f32(a, b), yes, no);
}

#endif // GRUS_VEC_NEON_H
