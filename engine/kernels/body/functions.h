// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Functions of one vector.  Included by table.h, after a file of vec/

#ifndef GRUS_FUNCTIONS_BODY_H
#define GRUS_FUNCTIONS_BODY_H

#include <stdbool.h>
#include <stddef.h>

// Small code is for sanitizers, which check each access of each copy
#if defined(__GNUC__) && !defined(GRUS_SMALL_CODE)
#  define ALWAYS_INLINE inline __attribute__((always_inline))
#  define NEVER_INLINE __attribute__((noinline))
#  define UNROLL _Pragma("GCC unroll 16")
#else
#  define ALWAYS_INLINE inline
#  define NEVER_INLINE
#  define UNROLL
#endif

/// From where on tanh is 1 in single precision
#define TANH_END 7.90531110763549805f

/**
   Hyperbolic tangent as a rational function of degree 13 over 6, on the range
   where it is not 1 in single precision: x * numerator / denominator.

   Coefficients: least maximum error on [-7.9, 7.9], as in Eigen's
   generic_fast_tanh_float (MPL 2.0, a table of numbers).
*/
static ALWAYS_INLINE Vec
tanh_numerator(const Vec x2, const Vec x4)
{
  const Vec p01 = vec_madd(
    x2, vec_splat(6.37261928875436e-04f), vec_splat(4.89352455891786e-03f));
  const Vec p23 = vec_madd(
    x2, vec_splat(5.12229709037114e-08f), vec_splat(1.48572235717979e-05f));
  const Vec p45 = vec_madd(
    x2, vec_splat(2.00018790482477e-13f), vec_splat(-8.60467152213735e-11f));
  const Vec p456 = vec_madd(x4, vec_splat(-2.76076847742355e-16f), p45);
  return vec_madd(vec_madd(p456, x4, p23), x4, p01);
}

static ALWAYS_INLINE Vec
tanh_denominator(const Vec x2, const Vec x4)
{
  const Vec q01 = vec_madd(
    x2, vec_splat(2.26843463243900e-03f), vec_splat(4.89352518554385e-03f));
  const Vec q23 = vec_madd(
    x2, vec_splat(1.19825839466702e-06f), vec_splat(1.18534705686654e-04f));
  return vec_madd(q23, x4, q01);
}

/**
   Hyperbolic tangent; largest error about 1e-7.

   A step of a GRU waits for all of this, twice.  So the denominator, which is
   shorter, is inverted while the numerator is still being summed, and what is
   beyond the range is replaced at the end.
*/
static inline Vec
vec_tanh(const Vec x)
{
  const Vec one   = vec_splat(1.0f);
  const Vec limit = vec_splat(TANH_END * TANH_END);
  const Vec x2    = vec_mul(x, x);
  const Vec x4    = vec_mul(x2, x2);
  const Vec over  = vec_div(one, tanh_denominator(x2, x4));
  const Vec p     = tanh_numerator(x2, x4);
  const Vec ends  = vec_max(vec_min(x, one), vec_sub(vec_splat(0.0f), one));
  return vec_if_greater(x2, limit, ends, vec_mul(vec_mul(x, p), over));
}

/**
   A vector of weights of row `p` of two rows, 0 or 1, constant where inlined.

   Two rows of bf16 lie in one of floats, the second in the upper halves, where
   it is read as it is: packing has rounded it with what is below in view.
*/
static ALWAYS_INLINE Vec
weights_of(const float* const w,
           const size_t       stride,
           const size_t       p,
           const bool         bf16)
{
  return !bf16 ? vec_load(w + (p * stride))
         : p   ? vec_load(w)
               : vec_first_bf16(vec_load(w));
}

/// Logistic function, as (1 + tanh(x / 2)) / 2
static inline Vec
vec_sigmoid(const Vec v)
{
  const Vec half = vec_splat(0.5f);
  return vec_madd(vec_tanh(vec_mul(v, half)), half, half);
}

/// e^v, from 1e-38 to 1e38; relative error about 1e-7 (coefficients: Cephes)
static inline Vec
vec_exp(const Vec v)
{
  const Vec x = vec_max(vec_min(v, vec_splat(87.0f)), vec_splat(-87.0f));
  const Vec n = vec_round(vec_mul(x, vec_splat(1.44269504f)));

  // ln 2 in two parts, so that r is exact
  Vec r = vec_madd(n, vec_splat(-0.693359375f), x);
  r     = vec_madd(n, vec_splat(2.12194440e-4f), r);

  Vec p = vec_splat(1.9875691500e-4f);
  p     = vec_madd(p, r, vec_splat(1.3981999507e-3f));
  p     = vec_madd(p, r, vec_splat(8.3334519073e-3f));
  p     = vec_madd(p, r, vec_splat(4.1665795894e-2f));
  p     = vec_madd(p, r, vec_splat(1.6666665459e-1f));
  p     = vec_madd(p, r, vec_splat(5.0000001201e-1f));
  p     = vec_madd(p, vec_mul(r, r), vec_add(r, vec_splat(1.0f)));

  return vec_mul(p, vec_pow2(n));
}

/// Natural logarithm of normal positive numbers (coefficients: Cephes)
static inline Vec
vec_log(const Vec v)
{
  const Vec one   = vec_splat(1.0f);
  const Vec root2 = vec_splat(1.41421356f);
  const Vec m0    = vec_mantissa(v);
  const Vec e0    = vec_exponent(v);

  // From sqrt(1/2) to sqrt(2), where the series is short
  const Vec m = vec_if_greater(m0, root2, vec_mul(m0, vec_splat(0.5f)), m0);
  const Vec e = vec_if_greater(m0, root2, vec_add(e0, one), e0);
  const Vec x = vec_sub(m, one);
  const Vec z = vec_mul(x, x);

  Vec p = vec_splat(7.0376836292e-2f);
  p     = vec_madd(p, x, vec_splat(-1.1514610310e-1f));
  p     = vec_madd(p, x, vec_splat(1.1676998740e-1f));
  p     = vec_madd(p, x, vec_splat(-1.2420140846e-1f));
  p     = vec_madd(p, x, vec_splat(1.4249322787e-1f));
  p     = vec_madd(p, x, vec_splat(-1.6668057665e-1f));
  p     = vec_madd(p, x, vec_splat(2.0000714765e-1f));
  p     = vec_madd(p, x, vec_splat(-2.4999993993e-1f));
  p     = vec_madd(p, x, vec_splat(3.3333331174e-1f));
  p     = vec_mul(vec_mul(p, x), z);

  Vec y = vec_madd(e, vec_splat(-2.12194440e-4f), p);
  y     = vec_madd(z, vec_splat(-0.5f), y);
  return vec_madd(e, vec_splat(0.693359375f), vec_add(x, y));
}

#endif // GRUS_FUNCTIONS_BODY_H
