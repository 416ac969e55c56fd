// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file narrow.h

   Linear layers with one input or one output, which are around a GRU along
   samples.  Included by table.h, after a file of vec/.

   With one input nothing is summed: weights and bias of some columns stay in
   registers while all rows pass.  With one output a row is a sum across
   vectors, and some rows are summed side by side, as each waits for itself.
*/

#ifndef GRUS_NARROW_BODY_H
#define GRUS_NARROW_BODY_H

#include "kernels/body/functions.h"

#include <stddef.h>

enum {
  OUTER_VECS = STEP_VECS / 2U, ///< Vectors whose weights stay in registers
  DOT_ROWS   = 4,              ///< Rows that are summed side by side
};

/// Operands of a linear layer with one input, from a column on
typedef struct {
  float*       y;
  size_t       y_stride;
  const float* w;
  const float* b;
  const float* x;
  size_t       x_stride;
} Outer;

/// `n_vecs` vectors of columns, constant where inlined, of `n` rows
static ALWAYS_INLINE void
outer_columns(const Outer o, const size_t n, const size_t n_vecs)
{
  Vec w[OUTER_VECS];
  Vec b[OUTER_VECS];
  UNROLL for (size_t v = 0U; v < n_vecs; ++v)
  {
    w[v] = vec_load(o.w + (v * VEC_LEN));
    b[v] = vec_load(o.b + (v * VEC_LEN));
  }
  for (size_t k = 0U; k < n; ++k) {
    const Vec    x = vec_splat(o.x[k * o.x_stride]);
    float* const y = o.y + (k * o.y_stride);
    UNROLL for (size_t v = 0U; v < n_vecs; ++v)
    {
      vec_store(y + (v * VEC_LEN), vec_madd(w[v], x, b[v]));
    }
  }
}

/// y[k][o] = b[o] + w[o] * x[k][0], to the bits of linear()
static ALWAYS_INLINE void
outer(Outer o, const size_t n, const size_t out)
{
  size_t left = out / VEC_LEN;
  while (left) {
    const size_t n_vecs = left >= OUTER_VECS ? (size_t)OUTER_VECS : 1U;
    if (n_vecs == OUTER_VECS) {
      outer_columns(o, n, OUTER_VECS);
    } else {
      outer_columns(o, n, 1U);
    }
    o.y += n_vecs * VEC_LEN;
    o.w += n_vecs * VEC_LEN;
    o.b += n_vecs * VEC_LEN;
    left -= n_vecs;
  }
}

/// Operands of a linear layer with one output, from a row on
typedef struct {
  float*       y;
  size_t       y_stride;
  const float* w;
  float        b;
  const float* x;
  size_t       x_stride;
  size_t       in;
} Dot;

/// `n_rows` rows, constant where inlined
static ALWAYS_INLINE void
dot_rows(const Dot d, const size_t n_rows)
{
  const size_t left = d.in % VEC_LEN;
  Vec          sums[DOT_ROWS];
  UNROLL for (size_t r = 0U; r < n_rows; ++r)
  {
    sums[r] = vec_splat(0.0f);
  }
  for (size_t i = 0U; i + VEC_LEN <= d.in; i += VEC_LEN) {
    const Vec w = vec_load(d.w + i);
    UNROLL for (size_t r = 0U; r < n_rows; ++r)
    {
      sums[r] = vec_madd(w, vec_load(d.x + (r * d.x_stride) + i), sums[r]);
    }
  }
  if (left) {
    const Vec w = vec_load_some(d.w + d.in - left, left);
    UNROLL for (size_t r = 0U; r < n_rows; ++r)
    {
      const float* const x = d.x + (r * d.x_stride) + d.in - left;
      sums[r]              = vec_madd(w, vec_load_some(x, left), sums[r]);
    }
  }
  UNROLL for (size_t r = 0U; r < n_rows; ++r)
  {
    d.y[r * d.y_stride] = vec_sum(sums[r]) + d.b;
  }
}

static void
dot(float* const       y,
    const size_t       y_stride,
    const float* const w,
    const float* const b,
    const float* const x,
    const size_t       x_stride,
    const size_t       n,
    const size_t       in)
{
  size_t k = 0U;
  for (; k + DOT_ROWS <= n; k += DOT_ROWS) {
    dot_rows((Dot){y + (k * y_stride),
                   y_stride,
                   w,
                   b[0],
                   x + (k * x_stride),
                   x_stride,
                   in},
             DOT_ROWS);
  }
  for (; k < n; ++k) {
    dot_rows((Dot){y + (k * y_stride),
                   y_stride,
                   w,
                   b[0],
                   x + (k * x_stride),
                   x_stride,
                   in},
             1U);
  }
}

#endif // GRUS_NARROW_BODY_H
