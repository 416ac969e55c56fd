// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file int8.h

   Linear layers with weights and inputs as bytes.  Included after a file of
   vec/.
*/

#ifndef GRUS_INT8_BODY_H
#define GRUS_INT8_BODY_H

#include "kernels/body/functions.h"
#include "kernels/kernels.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { INT8_VECS = 8 }; ///< Accumulators of a row: enough to hide latency

/// Inputs of one row, rounded
typedef struct {
  float   scale; ///< That each byte is multiplied by
  uint8_t bytes[GRUS_INT8_MOST + GRUS_PAD];
} Int8Row;

/// Operands of a row
typedef struct {
  float*         y;
  const float*   w;
  const float*   b;
  const Int8Row* x;
  size_t         in;
  size_t         out;
} Int8Linear;

static ALWAYS_INLINE Vec
vec_abs(const Vec v)
{
  return vec_max(v, vec_sub(vec_splat(0.0f), v));
}

/// Store x * scale as bytes, rounded to the nearest
static ALWAYS_INLINE void
store_rounded(uint8_t* const bytes, const Vec x, const Vec scale)
{
  // 1.5 * 2^23 leaves no room for fractions.  A fused product would round
  // otherwise than where there is none
  const Vec magic = vec_splat(12582912.0f + VEC_BYTE_BIAS);
  vec_store_bytes(bytes, vec_add(vec_mul(x, scale), magic));
}

static ALWAYS_INLINE void
round_row(Int8Row* const row, const float* const x, const size_t in)
{
  const size_t whole         = in / VEC_LEN * VEC_LEN;
  float        tail[VEC_LEN] = {0.0f};
  memcpy(tail, x + whole, (in - whole) * sizeof(float));

  Vec most = vec_abs(vec_load(tail));
  for (size_t i = 0U; i < whole; i += VEC_LEN) {
    most = vec_max(most, vec_abs(vec_load(x + i)));
  }

  const float top   = vec_greatest(most);
  const Vec   scale = vec_splat(top > 1e-30f ? 127.0f / top : 0.0f);
  row->scale        = top / 127.0f;
  for (size_t i = 0U; i < whole; i += VEC_LEN) {
    store_rounded(row->bytes + i, vec_load(x + i), scale);
  }

  // Weights of what lies beyond are zero
  memset(row->bytes + whole, 0, 4U);
  if (whole < in) {
    store_rounded(row->bytes + whole, vec_load(tail), scale);
  }
}

/// `n_vecs` vectors of a row, constant where inlined
static ALWAYS_INLINE void
int8_tile(const Int8Linear t, const size_t column, const size_t n_vecs)
{
  const size_t       groups = (t.in + 3U) / 4U;
  const float*       w      = t.w + column;
  const float* const scales = w + (groups * t.out);
  VecInt             sum[INT8_VECS];
  UNROLL for (size_t v = 0U; v < n_vecs; ++v)
  {
    sum[v] = VEC_BYTE_BIAS > 0.0f ? vec_int_load(scales + t.out + (v * VEC_LEN))
                                  : vec_int_zero();
  }

  for (size_t g = 0U; g < groups; ++g) {
    const VecInt x = vec_int_splat(t.x->bytes + (4U * g));
    UNROLL for (size_t v = 0U; v < n_vecs; ++v)
    {
      sum[v] = vec_dot4(vec_int_load(w + (v * VEC_LEN)), x, sum[v]);
    }
    w += t.out;
  }

  const Vec scale = vec_splat(t.x->scale);
  UNROLL for (size_t v = 0U; v < n_vecs; ++v)
  {
    const size_t i = v * VEC_LEN;
    vec_store(t.y + column + i,
              vec_madd(vec_mul(vec_of_int(sum[v]), scale),
                       vec_load(scales + i),
                       vec_load(t.b + column + i)));
  }
}

/// All vectors of a row, in tiles about as wide
static ALWAYS_INLINE void
int8_row(const Int8Linear t)
{
  const size_t n_vecs = t.out / VEC_LEN;
  size_t       done   = 0U;
  for (size_t tiles = (n_vecs + INT8_VECS - 1U) / INT8_VECS; tiles; --tiles) {
    const size_t n      = (n_vecs - done + tiles - 1U) / tiles;
    const size_t column = done * VEC_LEN;
    switch (n) {
    case 1U:
      int8_tile(t, column, 1U);
      break;
    case 2U:
      int8_tile(t, column, 2U);
      break;
    case 3U:
      int8_tile(t, column, 3U);
      break;
    case 4U:
      int8_tile(t, column, 4U);
      break;
    case 5U:
      int8_tile(t, column, 5U);
      break;
    case 6U:
      int8_tile(t, column, 6U);
      break;
    case 7U:
      int8_tile(t, column, 7U);
      break;
    case 8U:
      int8_tile(t, column, 8U);
      break;
    }
    done += n;
  }
}

static void
linear_int8(float* const       y,
            const size_t       y_stride,
            const float* const w,
            const float* const b,
            const float* const x,
            const size_t       x_stride,
            const size_t       n,
            const size_t       in,
            const size_t       out)
{
  Int8Row row;
  for (size_t k = 0U; k < n; ++k) {
    round_row(&row, x + (k * x_stride), in);
    int8_row((Int8Linear){y + (k * y_stride), w, b, &row, in, out});
  }
}

#endif // GRUS_INT8_BODY_H
