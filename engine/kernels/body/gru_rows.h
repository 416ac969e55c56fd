// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file gru_rows.h

   One step of many small GRUs side by side.  Included by table.h, after a
   file of vec/.

   A tile is one vector of units of as many rows as have registers for the sums
   of all three gates.  A weight that is loaded serves all rows of a tile, and
   nothing goes to memory but the new hidden states.

   The number of rows of a tile, `n_rows`, is constant where inlined.
*/

#ifndef GRUS_GRU_ROWS_BODY_H
#define GRUS_GRU_ROWS_BODY_H

#include "kernels/body/functions.h"

#include <stddef.h>

enum { MOST_ROWS = STEP_VECS / 3U }; ///< Rows of a tile

/// A matrix from a unit on, and what it is multiplied by from a row on
typedef struct {
  const float* w; ///< (n, 3 * hidden)
  const float* b; ///< (3 * hidden)
  const float* x; ///< (rows, stride)
  size_t       stride;
  size_t       n; ///< Inputs
} Factor;

/// One vector of units of some rows
typedef struct {
  float*       y; ///< (rows, y_stride)
  size_t       y_stride;
  const float* h; ///< The old hidden states: (rows, hidden)
  size_t       hidden;
  Factor       input;
  Factor       state;
} Tile;

/// Sums of all rows, in registers
typedef struct {
  Vec rows[MOST_ROWS][3];
} TileSums;

/// What a new hidden state is made of: sums of the reset gate, the update gate
/// and the candidate, whose part of the old state is apart
typedef struct {
  Vec gates[4];
} CellSums;

/// Add the products of all inputs
static ALWAYS_INLINE void
add_products(TileSums* const sums,
             const Factor    f,
             const size_t    hidden,
             const size_t    n_rows)
{
  const float* w = f.w;
  for (size_t i = 0U; i < f.n; ++i) {
    const Vec weights[] = {
      vec_load(w), vec_load(w + hidden), vec_load(w + (2U * hidden))};
    UNROLL for (size_t r = 0U; r < n_rows; ++r)
    {
      const Vec x = vec_splat(f.x[(r * f.stride) + i]);
      UNROLL for (size_t g = 0U; g < 3U; ++g)
      {
        sums->rows[r][g] = vec_madd(weights[g], x, sums->rows[r][g]);
      }
    }
    w += 3U * hidden;
  }
}

/// e^-x, as far as it means something to a logistic function
static ALWAYS_INLINE Vec
vec_exp_minus(const Vec x)
{
  const Vec t = vec_mul(x, vec_splat(-1.44269504f));
  const Vec u = vec_max(vec_min(t, vec_splat(64.0f)), vec_splat(-64.0f));
  const Vec n = vec_round(u);
  const Vec f = vec_sub(u, n);

  // 2^f, least maximum error on [-1/2, 1/2]: 2e-7
  Vec p = vec_splat(1.32764725e-03f);
  p     = vec_madd(p, f, vec_splat(9.67554096e-03f));
  p     = vec_madd(p, f, vec_splat(5.55071309e-02f));
  p     = vec_madd(p, f, vec_splat(2.40221202e-01f));
  p     = vec_madd(p, f, vec_splat(6.93146944e-01f));
  p     = vec_madd(p, f, vec_splat(1.00000012e+00f));
  return vec_scale(p, n);
}

/**
   New hidden states, with as few instructions as possible:

   r = 1 / (1 + e^-r'), z = 1 / (1 + e^-z'), tanh = p / q, one division for
   (1 - z) tanh + z h
*/
static ALWAYS_INLINE Vec
next_of_sums(const CellSums s, const Vec h)
{
  const Vec one = vec_splat(1.0f);
  const Vec r   = vec_add(one, vec_exp_minus(s.gates[0]));
  const Vec z   = vec_exp_minus(s.gates[1]);
  const Vec n   = vec_add(s.gates[2], vec_ratio(s.gates[3], r));
  const Vec x  = vec_max(vec_min(n, vec_splat(TANH_END)), vec_splat(-TANH_END));
  const Vec x2 = vec_mul(x, x);
  const Vec x4 = vec_mul(x2, x2);
  const Vec p  = vec_mul(x, tanh_numerator(x2, x4));
  const Vec q  = tanh_denominator(x2, x4);
  return vec_ratio(vec_madd(z, p, vec_mul(h, q)), vec_mul(vec_add(one, z), q));
}

/// All rows of a tile.  Not inlined, since its constants would take registers
/// from the sums.
static NEVER_INLINE void
finish_tile(const Tile* const     t,
            const CellSums* const sums,
            const size_t          n_rows)
{
  for (size_t r = 0U; r < n_rows; ++r) {
    vec_store(t->y + (r * t->y_stride),
              next_of_sums(sums[r], vec_load(t->h + (r * t->hidden))));
  }
}

/// One tile
static ALWAYS_INLINE void
run_tile(const Tile* const t, const size_t n_rows)
{
  const size_t hidden = t->hidden;
  CellSums     cells[MOST_ROWS];
  TileSums     sums;
  UNROLL for (size_t r = 0U; r < n_rows; ++r)
  {
    UNROLL for (size_t g = 0U; g < 3U; ++g)
    {
      const Vec bias = vec_load(t->input.b + (g * hidden));
      sums.rows[r][g] =
        g < 2U ? vec_add(bias, vec_load(t->state.b + (g * hidden))) : bias;
    }
  }

  add_products(&sums, t->input, hidden, n_rows);
  UNROLL for (size_t r = 0U; r < n_rows; ++r)
  {
    cells[r].gates[2] = sums.rows[r][2];
    sums.rows[r][2]   = vec_load(t->state.b + (2U * hidden));
  }

  add_products(&sums, t->state, hidden, n_rows);
  UNROLL for (size_t r = 0U; r < n_rows; ++r)
  {
    cells[r].gates[0] = sums.rows[r][0];
    cells[r].gates[1] = sums.rows[r][1];
    cells[r].gates[3] = sums.rows[r][2];
  }
  finish_tile(t, cells, n_rows);
}

/// run_tile() of a number of rows that is not known when compiling
static ALWAYS_INLINE void
run_rows(const Tile* const t, const size_t n_rows)
{
  switch (n_rows) {
  case 1U:
    run_tile(t, 1U);
    return;
  case 2U:
    run_tile(t, 2U);
    return;
  case 3U:
    run_tile(t, 3U);
    return;
  case 4U:
    run_tile(t, 4U);
    return;
#if STEP_VECS >= 24U
  case 5U:
    run_tile(t, 5U);
    return;
  case 6U:
    run_tile(t, 6U);
    return;
  case 7U:
    run_tile(t, 7U);
    return;
  case 8U:
    run_tile(t, 8U);
    return;
#endif
  }
}

static void
gru_rows(float* const       y,
         const size_t       y_stride,
         const float* const x,
         const size_t       x_stride,
         const float* const input_w,
         const float* const input_b,
         const size_t       in,
         float* const       h,
         const float* const w,
         const float* const b,
         const size_t       n,
         const size_t       n_hidden,
         const size_t       hidden)
{
  // Tiles of about as many rows: one of few rows would wait for its sums
  const size_t n_tiles = (n + MOST_ROWS - 1U) / MOST_ROWS;
  const size_t size    = (n + n_tiles - 1U) / n_tiles;
  for (size_t j = 0U; j < n_hidden; j += VEC_LEN) {
    for (size_t row = 0U; row < n; row += size) {
      const float* const old   = h + (row * hidden);
      const Factor       input = {
              input_w + j, input_b + j, x + (row * x_stride), x_stride, in};
      const Factor state = {w + j, b + j, old, hidden, n_hidden};
      const Tile   tile  = {
           y + (row * y_stride) + j, y_stride, old + j, hidden, input, state};
      run_rows(&tile, n - row < size ? n - row : size);
    }
  }

  for (size_t k = 0U; k < n; ++k) {
    for (size_t j = 0U; j < n_hidden; j += VEC_LEN) {
      vec_store(h + (k * hidden) + j, vec_load(y + (k * y_stride) + j));
    }
  }
}

#endif // GRUS_GRU_ROWS_BODY_H
