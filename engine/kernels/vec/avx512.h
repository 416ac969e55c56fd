// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_VEC_AVX512_H
#define GRUS_VEC_AVX512_H

#include <immintrin.h>

#include <stddef.h>
#include <stdint.h>

#define VEC_LEN 16U
#define TILE_VECS 6U   ///< Accumulators of a row that fit the registers
#define STEP_VECS 24U  ///< Accumulators of a GRU's step that fit the registers
#define AT_ONCE_VECS 3 ///< Vectors of a gate up to which one loop sums all

#define VEC_LOW_LEN 8U ///< Elements of what vec_madd_low() computes

/// Bytes of inputs are unsigned: this more than what they stand for
#define VEC_BYTE_BIAS 128.0f

typedef __m512  Vec;
typedef __m512i VecInt;

static inline Vec
vec_load(const float* const p)
{
  return _mm512_loadu_ps(p);
}

/// The first `n` elements, fewer than all, and zeros
static inline Vec
vec_load_some(const float* const p, const size_t n)
{
  return _mm512_maskz_loadu_ps((__mmask16)((1U << n) - 1U), p);
}

static inline void
vec_store(float* const p, const Vec v)
{
  _mm512_storeu_ps(p, v);
}

static inline Vec
vec_splat(const float s)
{
  return _mm512_set1_ps(s);
}

static inline Vec
vec_madd(const Vec a, const Vec b, const Vec c)
{
  return _mm512_fmadd_ps(a, b, c);
}

static inline Vec
vec_add(const Vec a, const Vec b)
{
  return _mm512_add_ps(a, b);
}

static inline Vec
vec_sub(const Vec a, const Vec b)
{
  return _mm512_sub_ps(a, b);
}

static inline Vec
vec_mul(const Vec a, const Vec b)
{
  return _mm512_mul_ps(a, b);
}

static inline Vec
vec_div(const Vec a, const Vec b)
{
  return _mm512_div_ps(a, b);
}

/// a / b within about one unit in the last place, sooner than by a division
static inline Vec
vec_ratio(const Vec a, const Vec b)
{
  const Vec over = _mm512_rcp14_ps(b);
  const Vec near = _mm512_mul_ps(a, over);
  return _mm512_fmadd_ps(_mm512_fnmadd_ps(near, b, a), over, near);
}

static inline Vec
vec_max(const Vec a, const Vec b)
{
  return _mm512_max_ps(a, b);
}

static inline Vec
vec_min(const Vec a, const Vec b)
{
  return _mm512_min_ps(a, b);
}

/// The lower half of `w` times that of `x` added to that of `sum`: half the
/// work on processors that compute the halves one after the other
static inline Vec
vec_madd_low(const float* const w, const Vec x, const Vec sum)
{
  return _mm512_castps256_ps512(_mm256_fmadd_ps(_mm256_loadu_ps(w),
                                                _mm512_castps512_ps256(x),
                                                _mm512_castps512_ps256(sum)));
}

/// Sum of all elements
static inline float
vec_sum(const Vec v)
{
  return _mm512_reduce_add_ps(v);
}

/// The first of the two bf16 numbers in each element, as floats
static inline Vec
vec_first_bf16(const Vec pairs)
{
  return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_castps_si512(pairs), 16));
}

/// Greatest of all elements
static inline float
vec_greatest(const Vec v)
{
  return _mm512_reduce_max_ps(v);
}

/// Store the lowest byte of each element
static inline void
vec_store_bytes(uint8_t* const p, const Vec v)
{
  _mm_storeu_si128((__m128i*)p, _mm512_cvtepi32_epi8(_mm512_castps_si512(v)));
}

static inline VecInt
vec_int_load(const void* const p)
{
  return _mm512_loadu_si512(p);
}

/// The four bytes at `p` in each element
static inline VecInt
vec_int_splat(const void* const p)
{
  return _mm512_castps_si512(
    _mm512_broadcastss_ps(_mm_load_ss((const float*)p)));
}

static inline VecInt
vec_int_zero(void)
{
  return _mm512_setzero_si512();
}

static inline Vec
vec_of_int(const VecInt v)
{
  return _mm512_cvtepi32_ps(v);
}

#ifdef __AVX512VNNI__
/// sum + the products of the four bytes of each element, all exact
static inline VecInt
vec_dot4(const VecInt w, const VecInt x, const VecInt sum)
{
  return _mm512_dpbusd_epi32(sum, x, w);
}
#endif

/// Nearest whole numbers
static inline Vec
vec_round(const Vec v)
{
  return _mm512_roundscale_ps(v, _MM_FROUND_TO_NEAREST_INT);
}

/// 2^n for whole n from -126 to 127
static inline Vec
vec_pow2(const Vec n)
{
  const __m512i biased =
    _mm512_add_epi32(_mm512_cvtps_epi32(n), _mm512_set1_epi32(127));
  return _mm512_castsi512_ps(_mm512_slli_epi32(biased, 23));
}

/// v * 2^n for whole n from -126 to 127
static inline Vec
vec_scale(const Vec v, const Vec n)
{
  return _mm512_scalef_ps(v, n);
}

/// Floor of the base-2 logarithm of normal positive numbers
static inline Vec
vec_exponent(const Vec v)
{
  const __m512i biased = _mm512_srli_epi32(_mm512_castps_si512(v), 23);
  return _mm512_cvtepi32_ps(_mm512_sub_epi32(biased, _mm512_set1_epi32(127)));
}

/// v / 2^exponent(v), from 1 to below 2
static inline Vec
vec_mantissa(const Vec v)
{
  const __m512i bits = _mm512_castps_si512(v);
  return _mm512_castsi512_ps(
    _mm512_or_epi32(_mm512_and_epi32(bits, _mm512_set1_epi32(0x7FFFFF)),
                    _mm512_set1_epi32(0x3F800000)));
}

/// yes where a > b, else no
static inline Vec
vec_if_greater(const Vec a, const Vec b, const Vec yes, const Vec no)
{
  return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(a, b, _CMP_GT_OQ), no, yes);
}

#endif // GRUS_VEC_AVX512_H
