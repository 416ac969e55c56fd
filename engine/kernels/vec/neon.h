// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_VEC_NEON_H
#define GRUS_VEC_NEON_H

#include <arm_neon.h>

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define VEC_LEN 4U
#define TILE_VECS 5U   ///< Accumulators of a row that fit the registers
#define STEP_VECS 24U  ///< Accumulators of a GRU's step that fit the registers
#define AT_ONCE_VECS 4 ///< Vectors of a gate up to which one loop sums all

#define VEC_BYTE_BIAS 0.0f ///< Bytes of inputs are signed

typedef float32x4_t Vec;
typedef int32x4_t   VecInt;

static inline Vec
vec_load(const float* const p)
{
  return vld1q_f32(p);
}

/// The first `n` elements, fewer than all, and zeros
static inline Vec
vec_load_some(const float* const p, const size_t n)
{
  float some[VEC_LEN] = {0.0f, 0.0f, 0.0f, 0.0f};
  memcpy(some, p, n * sizeof(float));
  return vld1q_f32(some);
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

/// a / b within about one unit in the last place
static inline Vec
vec_ratio(const Vec a, const Vec b)
{
  return vec_div(a, b);
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

/// Greatest of all elements
static inline float
vec_greatest(const Vec v)
{
  return vmaxvq_f32(v);
}

/// Store the lowest byte of each element
static inline void
vec_store_bytes(uint8_t* const p, const Vec v)
{
  const uint16x4_t words = vmovn_u32(vreinterpretq_u32_f32(v));
  const uint8x8_t  bytes = vmovn_u16(vcombine_u16(words, words));
  const uint32_t   four  = vget_lane_u32(vreinterpret_u32_u8(bytes), 0);
  memcpy(p, &four, sizeof(four));
}

static inline VecInt
vec_int_load(const void* const p)
{
  return vreinterpretq_s32_u8(vld1q_u8((const uint8_t*)p));
}

/// The four bytes at `p` in each element
static inline VecInt
vec_int_splat(const void* const p)
{
  int32_t four = 0;
  memcpy(&four, p, sizeof(four));
  return vdupq_n_s32(four);
}

static inline VecInt
vec_int_zero(void)
{
  return vdupq_n_s32(0);
}

static inline Vec
vec_of_int(const VecInt v)
{
  return vcvtq_f32_s32(v);
}

/// sum + the products of the four bytes of each element, all exact
static inline VecInt
vec_dot4(const VecInt w, const VecInt x, const VecInt sum)
{
  const int8x16_t a    = vreinterpretq_s8_s32(w);
  const int8x16_t b    = vreinterpretq_s8_s32(x);
  const int16x8_t low  = vmull_s8(vget_low_s8(a), vget_low_s8(b));
  const int16x8_t high = vmull_high_s8(a, b);
  return vaddq_s32(sum, vpaddq_s32(vpaddlq_s16(low), vpaddlq_s16(high)));
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

/// v * 2^n for whole n from -126 to 127
static inline Vec
vec_scale(const Vec v, const Vec n)
{
  return vec_mul(v, vec_pow2(n));
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
