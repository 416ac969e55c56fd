// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_VEC_AVX2_H
#define GRUS_VEC_AVX2_H

#include <immintrin.h>

#include <stddef.h>
#include <stdint.h>

#define VEC_LEN 8U
#define TILE_VECS 3U ///< Accumulators of a row that fit the registers
#ifdef __AVX512VL__
#  define STEP_VECS 24U ///< Of twice the registers
#else
#  define STEP_VECS 12U ///< Accumulators of a GRU's step that fit the registers
#endif
#define AT_ONCE_VECS 6 ///< Vectors of a gate up to which one loop sums all

#define VEC_BYTE_BIAS 0.0f ///< Bytes of inputs are signed

typedef __m256  Vec;
typedef __m256i VecInt;

static inline Vec
vec_load(const float* const p)
{
  return _mm256_loadu_ps(p);
}

/// The first `n` elements, fewer than all, and zeros
static inline Vec
vec_load_some(const float* const p, const size_t n)
{
  const __m256i places = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
  return _mm256_maskload_ps(
    p, _mm256_cmpgt_epi32(_mm256_set1_epi32((int)n), places));
}

static inline void
vec_store(float* const p, const Vec v)
{
  _mm256_storeu_ps(p, v);
}

static inline Vec
vec_splat(const float s)
{
  return _mm256_set1_ps(s);
}

static inline Vec
vec_madd(const Vec a, const Vec b, const Vec c)
{
  return _mm256_fmadd_ps(a, b, c);
}

static inline Vec
vec_add(const Vec a, const Vec b)
{
  return _mm256_add_ps(a, b);
}

static inline Vec
vec_sub(const Vec a, const Vec b)
{
  return _mm256_sub_ps(a, b);
}

static inline Vec
vec_mul(const Vec a, const Vec b)
{
  return _mm256_mul_ps(a, b);
}

static inline Vec
vec_div(const Vec a, const Vec b)
{
  return _mm256_div_ps(a, b);
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
  return _mm256_max_ps(a, b);
}

static inline Vec
vec_min(const Vec a, const Vec b)
{
  return _mm256_min_ps(a, b);
}

/// Sum of all elements
static inline float
vec_sum(const Vec v)
{
  const __m128 four =
    _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  const __m128 two = _mm_add_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_add_ss(two, _mm_movehdup_ps(two)));
}

/// The first of the two bf16 numbers in each element, as floats
static inline Vec
vec_first_bf16(const Vec pairs)
{
  return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_castps_si256(pairs), 16));
}

/// Greatest of all elements
static inline float
vec_greatest(const Vec v)
{
  const __m128 four =
    _mm_max_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps(v, 1));
  const __m128 two = _mm_max_ps(four, _mm_movehl_ps(four, four));
  return _mm_cvtss_f32(_mm_max_ss(two, _mm_movehdup_ps(two)));
}

/// Store the lowest byte of each element
static inline void
vec_store_bytes(uint8_t* const p, const Vec v)
{
  const __m256i low =
    _mm256_and_si256(_mm256_castps_si256(v), _mm256_set1_epi32(0xFF));
  const __m128i words = _mm_packus_epi32(_mm256_castsi256_si128(low),
                                         _mm256_extracti128_si256(low, 1));
  _mm_storel_epi64((__m128i*)p, _mm_packus_epi16(words, words));
}

static inline VecInt
vec_int_load(const void* const p)
{
  return _mm256_loadu_si256((const __m256i*)p);
}

/// The four bytes at `p` in each element
static inline VecInt
vec_int_splat(const void* const p)
{
  return _mm256_castps_si256(_mm256_broadcast_ss((const float*)p));
}

static inline VecInt
vec_int_zero(void)
{
  return _mm256_setzero_si256();
}

static inline Vec
vec_of_int(const VecInt v)
{
  return _mm256_cvtepi32_ps(v);
}

/// sum + the products of the four bytes of each element, all exact: of -127 to
/// 127 no sum of two products exceeds 16 bits
static inline VecInt
vec_dot4(const VecInt w, const VecInt x, const VecInt sum)
{
  const __m256i pairs =
    _mm256_maddubs_epi16(_mm256_abs_epi8(w), _mm256_sign_epi8(x, w));
  return _mm256_add_epi32(sum, _mm256_madd_epi16(pairs, _mm256_set1_epi16(1)));
}

/// Nearest whole numbers
static inline Vec
vec_round(const Vec v)
{
  return _mm256_round_ps(v, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
}

/// 2^n for whole n from -126 to 127
static inline Vec
vec_pow2(const Vec n)
{
  const __m256i biased =
    _mm256_add_epi32(_mm256_cvtps_epi32(n), _mm256_set1_epi32(127));
  return _mm256_castsi256_ps(_mm256_slli_epi32(biased, 23));
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
  const __m256i biased = _mm256_srli_epi32(_mm256_castps_si256(v), 23);
  return _mm256_cvtepi32_ps(_mm256_sub_epi32(biased, _mm256_set1_epi32(127)));
}

/// v / 2^exponent(v), from 1 to below 2
static inline Vec
vec_mantissa(const Vec v)
{
  const __m256i bits = _mm256_castps_si256(v);
  return _mm256_castsi256_ps(
    _mm256_or_si256(_mm256_and_si256(bits, _mm256_set1_epi32(0x7FFFFF)),
                    _mm256_set1_epi32(0x3F800000)));
}

/// yes where a > b, else no
static inline Vec
vec_if_greater(const Vec a, const Vec b, const Vec yes, const Vec no)
{
  return _mm256_blendv_ps(no, yes, _mm256_cmp_ps(a, b, _CMP_GT_OQ));
}

#endif // GRUS_VEC_AVX2_H
