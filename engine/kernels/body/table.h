// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Included exactly once by each file of variants/, after the file of vec/ it
// uses

#include "kernels/body/functions.h"
#include "kernels/body/gru.h"
#include "kernels/body/gru_rows.h"
#include "kernels/body/narrow.h"
#include "kernels/kernels.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

enum {
  TILE_ROWS = GRUS_TILE_ROWS,
  ROW_VECS  = 8,  ///< Vectors of a row that shares none: enough to hide latency
  SOME_VECS = 4,  ///< Where so many are not left
  BLOCK_IN  = 32, ///< Inputs that linear_blocks() sums up at a time
  WHOLE_IN  = 64, ///< Inputs up to which it makes no blocks
};

/// Operands of a linear layer, at one tile
typedef struct {
  float*       y;
  size_t       y_stride;
  const float* w;
  const float* b;
  const float* x;
  size_t       x_stride;
  size_t       in;
  size_t       out;
} Linear;

/// Add input `p` of two, from `x` on, of each row
static ALWAYS_INLINE void
linear_input(Vec                sum[TILE_ROWS][ROW_VECS],
             const Linear       t,
             const float* const weights,
             const float* const x,
             const size_t       p,
             const size_t       n_rows,
             const size_t       n_vecs,
             const bool         bf16)
{
  Vec w[ROW_VECS];
  UNROLL for (size_t v = 0U; v < n_vecs; ++v)
  {
    w[v] = weights_of(weights + (v * VEC_LEN), t.out, p, bf16);
  }
  UNROLL for (size_t r = 0U; r < n_rows; ++r)
  {
    const Vec xr = vec_splat(x[(r * t.x_stride) + p]);
    UNROLL for (size_t v = 0U; v < n_vecs; ++v)
    {
      sum[r][v] = vec_madd(w[v], xr, sum[r][v]);
    }
  }
}

/**
   A tile of `n_rows` rows and `n_vecs` vectors, both constant where inlined.

   Every tile adds the bias and then the inputs in their order, so that the
   bits of a row do not depend on the tile it falls into.

   @param more Whether the sum of these inputs is added to what is in y, instead
   of to the bias
*/
static ALWAYS_INLINE void
linear_tile(const Linear t,
            const size_t n_rows,
            const size_t n_vecs,
            const bool   more,
            const bool   bf16)
{
  Vec sum[TILE_ROWS][ROW_VECS];
  UNROLL for (size_t r = 0U; r < n_rows; ++r)
  {
    UNROLL for (size_t v = 0U; v < n_vecs; ++v)
    {
      sum[r][v] = more ? vec_splat(0.0f) : vec_load(t.b + (v * VEC_LEN));
    }
  }

  const float* rows = t.w;
  const float* last = t.x + (t.in / 2U * 2U);
  const float* x    = t.x;
  for (; x != last; x += 2U) {
    UNROLL for (size_t p = 0U; p < 2U; ++p)
    {
      linear_input(sum, t, rows, x, p, n_rows, n_vecs, bf16);
    }
    rows += bf16 ? t.out : 2U * t.out;
  }
  if (t.in % 2U) {
    linear_input(sum, t, rows, x, 0U, n_rows, n_vecs, bf16);
  }

  UNROLL for (size_t r = 0U; r < n_rows; ++r)
  {
    UNROLL for (size_t v = 0U; v < n_vecs; ++v)
    {
      float* const y = t.y + (r * t.y_stride) + (v * VEC_LEN);
      vec_store(y, more ? vec_add(vec_load(y), sum[r][v]) : sum[r][v]);
    }
  }
}

/// All columns of `n_rows` rows
static ALWAYS_INLINE void
linear_rows(Linear t, const size_t n_rows, const bool bf16)
{
  const size_t widest = n_rows == 1U ? ROW_VECS : TILE_VECS;
  size_t       left   = t.out / VEC_LEN;
  while (left) {
    const bool   some   = n_rows == 1U && left >= SOME_VECS;
    const size_t n_vecs = left >= widest ? widest
                          : some         ? (size_t)SOME_VECS
                          : left >= 2U   ? 2U
                                         : 1U;
    if (n_vecs == widest) {
      linear_tile(t, n_rows, widest, false, bf16);
    } else if (some) {
      linear_tile(t, n_rows, SOME_VECS, false, bf16);
    } else if (n_vecs == 2U) {
      linear_tile(t, n_rows, 2U, false, bf16);
    } else {
      linear_tile(t, n_rows, 1U, false, bf16);
    }
    t.y += n_vecs * VEC_LEN;
    t.w += n_vecs * VEC_LEN;
    t.b += n_vecs * VEC_LEN;
    left -= n_vecs;
  }
}

/// All rows
static ALWAYS_INLINE void
linear_all(Linear t, const size_t n, const bool bf16)
{
  size_t left = n;
  for (; left >= TILE_ROWS; left -= TILE_ROWS) {
    linear_rows(t, TILE_ROWS, bf16);
    t.y += TILE_ROWS * t.y_stride;
    t.x += TILE_ROWS * t.x_stride;
  }
  for (; left; --left) {
    linear_rows(t, 1U, bf16);
    t.y += t.y_stride;
    t.x += t.x_stride;
  }
}

static void
linear(float* const       y,
       const size_t       y_stride,
       const float* const w,
       const float* const b,
       const float* const x,
       const size_t       x_stride,
       const size_t       n,
       const size_t       in,
       const size_t       out)
{
  if (in == 1U) {
    outer((Outer){y, y_stride, w, b, x, x_stride}, n, out);
  } else {
    linear_all((Linear){y, y_stride, w, b, x, x_stride, in, out}, n, false);
  }
}

static void
linear_bf16(float* const       y,
            const size_t       y_stride,
            const float* const w,
            const float* const b,
            const float* const x,
            const size_t       x_stride,
            const size_t       n,
            const size_t       in,
            const size_t       out)
{
  const Linear t = {y, y_stride, w, b, x, x_stride, in, out};
  linear_all(t, n, true);
}

/// Some columns of `n` rows, a multiple of `n_rows`
static ALWAYS_INLINE void
block_tiles(Linear       t,
            const size_t n,
            const size_t n_rows,
            const size_t n_vecs,
            const bool   more)
{
  for (size_t k = 0U; k < n; k += n_rows) {
    linear_tile(t, n_rows, n_vecs, more, false);
    t.y += n_rows * t.y_stride;
    t.x += n_rows * t.x_stride;
  }
}

/// block_tiles() of all inputs
static ALWAYS_INLINE void
block_columns(Linear       t,
              const size_t n,
              const size_t n_rows,
              const size_t n_vecs)
{
  size_t left = t.in;
  t.in        = left > WHOLE_IN ? (size_t)BLOCK_IN : left;
  block_tiles(t, n, n_rows, n_vecs, false);
  while (left -= t.in) {
    t.w += t.in * t.out;
    t.x += t.in;
    t.in = left < t.in ? left : t.in;
    block_tiles(t, n, n_rows, n_vecs, true);
  }
}

/// All columns of `n` rows, a multiple of `n_rows`
static ALWAYS_INLINE void
block_rows(Linear t, const size_t n, const size_t n_rows)
{
  size_t left = t.out / VEC_LEN;
  while (n && left) {
    const size_t n_vecs =
      left >= TILE_VECS ? (size_t)TILE_VECS : (left >= 2U ? 2U : 1U);
    if (n_vecs == TILE_VECS) {
      block_columns(t, n, n_rows, TILE_VECS);
    } else if (n_vecs == 2U) {
      block_columns(t, n, n_rows, 2U);
    } else {
      block_columns(t, n, n_rows, 1U);
    }
    t.y += n_vecs * VEC_LEN;
    t.w += n_vecs * VEC_LEN;
    t.b += n_vecs * VEC_LEN;
    left -= n_vecs;
  }
}

static void
linear_blocks(float* const       y,
              const size_t       y_stride,
              const float* const w,
              const float* const b,
              const float* const x,
              const size_t       x_stride,
              const size_t       n,
              const size_t       in,
              const size_t       out)
{
  const size_t shared = n / TILE_ROWS * TILE_ROWS;
  Linear       t      = {y, y_stride, w, b, x, x_stride, in, out};
  block_rows(t, shared, TILE_ROWS);
  t.y += shared * y_stride;
  t.x += shared * x_stride;
  block_rows(t, n - shared, 1U);
}

/// One cell: gates out of both parts, then the new hidden state
static ALWAYS_INLINE void
gru_cell(float* const       h,
         const float* const a,
         const float* const c,
         const size_t       hidden)
{
  for (size_t j = 0U; j < hidden; j += VEC_LEN) {
    const Vec r = vec_sigmoid(vec_add(vec_load(a + j), vec_load(c + j)));
    const Vec z =
      vec_sigmoid(vec_add(vec_load(a + hidden + j), vec_load(c + hidden + j)));
    const Vec n = vec_tanh(vec_madd(
      r, vec_load(c + (2U * hidden) + j), vec_load(a + (2U * hidden) + j)));
    vec_store(h + j, vec_madd(z, vec_sub(vec_load(h + j), n), n));
  }
}

static void
gru_gates(float* const       h,
          const size_t       h_stride,
          const float* const a,
          const float* const c,
          const size_t       n,
          const size_t       hidden)
{
  for (size_t k = 0U; k < n; ++k) {
    gru_cell(
      h + (k * h_stride), a + (k * 3U * hidden), c + (k * 3U * hidden), hidden);
  }
}

/// Sum of (x - mean)^power over a row, power 1 or 2
static ALWAYS_INLINE float
sum_of_powers(const float* const x,
              const float        mean,
              const size_t       size,
              const int          power)
{
  const Vec m   = vec_splat(mean);
  Vec       sum = vec_splat(0.0f);
  size_t    i   = 0U;
  for (; i + VEC_LEN <= size; i += VEC_LEN) {
    const Vec d = vec_sub(vec_load(x + i), m);
    sum         = power == 2 ? vec_madd(d, d, sum) : vec_add(sum, d);
  }

  float rest = 0.0f;
  for (; i < size; ++i) {
    const float d = x[i] - mean;
    rest += power == 2 ? d * d : d;
  }
  return vec_sum(sum) + rest;
}

static void
layer_norm(float* const       y,
           const float* const x,
           const float* const gain,
           const float* const bias,
           const float* const add,
           const size_t       stride,
           const size_t       n,
           const size_t       size,
           const float        eps)
{
  for (size_t k = 0U; k < n; ++k) {
    const float* const row  = x + (k * stride);
    const float        mean = sum_of_powers(row, 0.0f, size, 1) / (float)size;
    const float  variance   = sum_of_powers(row, mean, size, 2) / (float)size;
    const Vec    scale      = vec_splat(1.0f / sqrtf(variance + eps));
    const Vec    m          = vec_splat(mean);
    float* const out        = y + (k * stride);

    for (size_t i = 0U; i < stride; i += VEC_LEN) {
      const Vec normal = vec_mul(vec_sub(vec_load(row + i), m), scale);
      Vec       v = vec_madd(normal, vec_load(gain + i), vec_load(bias + i));
      if (add) {
        v = vec_add(v, vec_load(add + (k * stride) + i));
      }
      vec_store(out + i, v);
    }
    for (size_t i = size; i < stride; ++i) {
      out[i] = 0.0f;
    }
  }
}

static void
sigmoid(float* const x, const size_t n)
{
  for (size_t i = 0U; i < n; i += VEC_LEN) {
    vec_store(x + i, vec_sigmoid(vec_load(x + i)));
  }
}

static void
hyperbolic_tangent(float* const x, const size_t n)
{
  for (size_t i = 0U; i < n; i += VEC_LEN) {
    vec_store(x + i, vec_tanh(vec_load(x + i)));
  }
}

static void
add(float* const y, const float* const x, const size_t n)
{
  for (size_t i = 0U; i < n; i += VEC_LEN) {
    vec_store(y + i, vec_add(vec_load(y + i), vec_load(x + i)));
  }
}

static void
multiply(float* const       y,
         const float* const x,
         const float* const w,
         const size_t       n)
{
  for (size_t i = 0U; i < n; i += VEC_LEN) {
    vec_store(y + i, vec_mul(vec_load(x + i), vec_load(w + i)));
  }
}

static void
compress(float* const       out_re,
         float* const       out_im,
         float* const       feature,
         const float* const re,
         const float* const im,
         const float* const shape,
         const size_t       n)
{
  const Vec exponent = vec_splat((shape[0] - 1.0f) * 0.5f);
  for (size_t i = 0U; i < n; i += VEC_LEN) {
    const Vec a    = vec_load(re + i);
    const Vec b    = vec_load(im + i);
    const Vec l    = vec_log(vec_madd(a, a, vec_madd(b, b, vec_splat(1e-12f))));
    const Vec gain = vec_exp(vec_mul(l, exponent));
    vec_store(out_re + i, vec_mul(a, gain));
    vec_store(out_im + i, vec_mul(b, gain));
    vec_store(feature + i,
              vec_madd(vec_max(l, vec_splat(shape[1])),
                       vec_splat(shape[2]),
                       vec_splat(shape[3])));
  }
}

static void
mask_expand(float* const       re,
            float* const       im,
            const float* const mask_re,
            const float* const mask_im,
            const float        power,
            const size_t       n)
{
  const Vec exponent = vec_splat(((1.0f / power) - 1.0f) * 0.5f);
  const Vec least    = vec_splat(1e-35f); // A logarithm wants normal numbers
  for (size_t i = 0U; i < n; i += VEC_LEN) {
    const Vec a    = vec_load(re + i);
    const Vec b    = vec_load(im + i);
    const Vec c    = vec_load(mask_re + i);
    const Vec d    = vec_load(mask_im + i);
    const Vec u    = vec_sub(vec_mul(a, c), vec_mul(b, d));
    const Vec v    = vec_madd(a, d, vec_mul(b, c));
    const Vec p    = vec_madd(u, u, vec_mul(v, v));
    const Vec gain = vec_exp(vec_mul(vec_log(vec_max(p, least)), exponent));
    vec_store(re + i, vec_mul(u, gain));
    vec_store(im + i, vec_mul(v, gain));
  }
}

/// The table of one variant, under its name and with its functions for
/// sequences of a GRU and for weights as bytes
#define GRUS_KERNELS_TABLE(table_name, sequence, pair, bytes)               \
  {                                                                         \
    .name = (table_name), .linear = linear, .linear_blocks = linear_blocks, \
    .linear_bf16 = linear_bf16, .linear_int8 = (bytes), .dot = dot,         \
    .gru_gates = gru_gates, .gru_sequence = (sequence),                     \
    .gru_sequence_bf16 = gru_sequence_bf16, .gru_pair = (pair),             \
    .gru_pair_bf16 = gru_pair_bf16, .gru_both_ways = gru_both_ways,         \
    .gru_rows = gru_rows, .layer_norm = layer_norm, .sigmoid = sigmoid,     \
    .tanh = hyperbolic_tangent, .add = add, .multiply = multiply,           \
    .compress = compress, .mask_expand = mask_expand,                       \
  }
