// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC
//
// Vectors whose lanes belong to different sounds: functions of them, and
// turning them so that lanes become rows.

#pragma once

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifndef LANES
#  error "define LANES: 16 for AVX-512, 8 for AVX2, 4 for others"
#endif

#if LANES > 4
#  include <immintrin.h>
#endif

#define INLINE static inline __attribute__((always_inline))

typedef float   vec __attribute__((vector_size(LANES * 4), may_alias));
typedef int32_t int_vec __attribute__((vector_size(LANES * 4), may_alias));

// What a compiler makes of comparisons and masks takes several times as long.
#if LANES == 16
#  define LESSER _mm512_min_ps
#  define GREATER _mm512_max_ps
#  define STREAM(to, x) _mm512_stream_ps((float*)(to), (__m512)(x))
#elif LANES == 8
#  define LESSER _mm256_min_ps
#  define GREATER _mm256_max_ps
#  define STREAM(to, x) _mm256_stream_ps((float*)(to), (__m256)(x))
#else

static vec
choose(int_vec condition, vec yes, vec no)
{
  return (vec)(((int_vec)yes & condition) | ((int_vec)no & ~condition));
}

#  define STREAM(to, x) (*(to) = (x))

static vec
LESSER(vec a, vec b)
{
  return choose(a < b, a, b);
}

static vec
GREATER(vec a, vec b)
{
  return choose(a > b, a, b);
}

#endif

static vec
limit(vec x, float low, float high)
{
  return (vec)GREATER(LESSER(x, (vec){0} + high), (vec){0} + low);
}

// exp by splitting x / ln 2 into a whole number and a fraction in -0.5 .. 0.5.
// Beyond +-40 it stands still, so that the product of two can be inverted.
static vec
exponential(vec x)
{
  const float round = 12582912.0f; // 1.5 * 2^23: adding it leaves the whole
                                   // number in the low bits
  vec scaled   = limit(x, -40.0f, 40.0f) * 1.44269504f;
  vec shifted  = scaled + round;
  vec fraction = scaled - (shifted - round);
  vec power    = 1.33335581e-3f * fraction + 9.61812911e-3f;
  power        = power * fraction + 5.55041087e-2f;
  power        = power * fraction + 2.40226507e-1f;
  power        = power * fraction + 6.93147182e-1f;
  power        = power * fraction + 1.0f;
  return (vec)((int_vec)power + ((int_vec)shifted << 23));
}

static vec
sigmoid(vec x)
{
  return 1.0f / (1.0f + exponential(-x));
}

static vec
inverse_root(vec x)
{
  vec result = {0};
  for (int lane = 0; lane < LANES; lane++) {
    result[lane] = 1.0f / sqrtf(x[lane]);
  }
  return result;
}

static float
lane_sum(vec x)
{
  float sum = 0.0f;
  for (int lane = 0; lane < LANES; lane++) {
    sum += x[lane];
  }
  return sum;
}

static void
add_lane_sums(float* gradient, const vec* sums, int64_t count)
{
  for (int64_t i = 0; i < count; i++) {
    gradient[i] += lane_sum(sums[i]);
  }
}

#ifdef __clang__ // which has no shuffle of this kind

static void
transpose(vec* block)
{
  for (int row = 1; row < LANES; row++) {
    for (int lane = 0; lane < row; lane++) {
      float kept       = block[row][lane];
      block[row][lane] = block[lane][row];
      block[lane][row] = kept;
    }
  }
}

#else

// Swaps what stands `distance` apart beside the diagonal.
INLINE void
exchange(vec* block, const int distance)
{
#  if LANES == 16
  const int_vec lane   = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
#  elif LANES == 8
  const int_vec lane = {0, 1, 2, 3, 4, 5, 6, 7};
#  else
  const int_vec lane = {0, 1, 2, 3};
#  endif
  const int_vec even   = (lane & distance) == 0;
  const int_vec first  = lane + (~even & (LANES - distance));
  const int_vec second = lane + (even & distance) + (~even & LANES);
#  pragma GCC unroll 16
  for (int row = 0; row < LANES; row++) {
    if ((row & distance) == 0) {
      vec a                 = block[row];
      vec b                 = block[row + distance];
      block[row]            = __builtin_shuffle(a, b, first);
      block[row + distance] = __builtin_shuffle(a, b, second);
    }
  }
}

static void
transpose(vec* block)
{
  for (int distance = 1; distance < LANES; distance *= 2) {
    exchange(block, distance);
  }
}

#endif

static void*
zeroed(int64_t bytes)
{
  int64_t whole  = (bytes + 63) / 64 * 64;
  void*   memory = aligned_alloc(64, whole);
  if (memory == NULL) {
    abort();
  }
  return memset(memory, 0, whole);
}

static vec*
vecs(int64_t count)
{
  return zeroed(count * (int64_t)sizeof(vec));
}

static float*
floats(int64_t count)
{
  return zeroed(count * (int64_t)sizeof(float));
}
