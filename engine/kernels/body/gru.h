// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file gru.h

   A GRU along a sequence.  Included by table.h, after a file of vec/.

   A step cannot start before the one before has ended, so that a small GRU
   costs what its longest chain of dependent instructions costs: the products
   are summed in several parts, and nothing is scaled between one activation
   and the next.  A large one costs what reading its weights costs.

   Hidden states are kept halved meanwhile, and so are all sums over them: that
   is what sigma(x) = (1 + tanh(x / 2)) / 2 wants, and it changes no bit.
*/

#ifndef GRUS_GRU_BODY_H
#define GRUS_GRU_BODY_H

#include "kernels/body/functions.h"
#include "kernels/kernels.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#ifndef VEC_LOW_LEN
#  define VEC_LOW_LEN VEC_LEN
#  define vec_madd_low(w, x, sum) vec_madd(vec_load(w), x, sum)
#endif

enum {
  MAX_PARTS = 4, ///< Parts that a sum is split into
  MAX_TILE  = 8, ///< Vectors that are summed together
};

/// A cell, and the hidden state that it carries on
typedef struct {
  const float* w; ///< (n_hidden, 3 * hidden)
  const float* b; ///< (3 * hidden)
  float*       h; ///< (hidden), halved
  float*       c; ///< (3 * hidden) scratch
  size_t       n_hidden;
  size_t       hidden;
} Cell;

/// Multiply a hidden state by a power of two
static ALWAYS_INLINE void
scale_hidden(float* const h, const size_t hidden, const float factor)
{
  for (size_t j = 0U; j < hidden; j += VEC_LEN) {
    vec_store(h + j, vec_mul(vec_load(h + j), vec_splat(factor)));
  }
}

/// Next hidden state, halved like z, c and h; tr = tanh(r) of a halved r
static ALWAYS_INLINE Vec
next_hidden(const Vec tr, const Vec z, const Vec c, const Vec a, const Vec h)
{
  const Vec rest  = vec_splat(0.25f);
  const Vec half  = vec_mul(h, vec_splat(0.5f));
  const Vec tz    = vec_tanh(z);
  const Vec tn    = vec_tanh(vec_madd(tr, c, vec_add(c, a)));
  const Vec fresh = vec_sub(rest, vec_mul(rest, tz));

  return vec_madd(tn, fresh, vec_madd(half, tz, half));
}

/// Parts that the sums of `n_vecs` vectors are split into
static ALWAYS_INLINE size_t
most_parts(const size_t n_vecs)
{
  return STEP_VECS >= 4U * n_vecs ? 4U : STEP_VECS >= 2U * n_vecs ? 2U : 1U;
}

/// Sum of all parts, always in the same order
static ALWAYS_INLINE Vec
sum_of_parts(const Vec sums[MAX_PARTS], const size_t n_parts)
{
  return n_parts == 4U
           ? vec_add(vec_add(sums[0], sums[1]), vec_add(sums[2], sums[3]))
         : n_parts == 2U ? vec_add(sums[0], sums[1])
                         : sums[0];
}

/// Vectors of a gate, constant where inlined
typedef struct {
  size_t n_vecs; ///< 0 if not known
  bool   low;    ///< Whether the last is needed only up to VEC_LOW_LEN
} Width;

/// sum + w * x
static ALWAYS_INLINE Vec
add_product(const float* const w, const Vec x, const Vec sum, const bool low)
{
  return low ? vec_madd_low(w, x, sum) : vec_madd(vec_load(w), x, sum);
}

/// Sums of some gates, in parts that add up to them
typedef struct {
  Vec parts[2][AT_ONCE_VECS][MAX_PARTS];
} Sums;

/**
   Sum up `n_gates` gates from `gate` on, all in registers: each hidden unit is
   loaded once for all of them.

   @param a (3 * hidden) input part with its bias, which the candidate's sum
   does without
*/
static ALWAYS_INLINE Sums
sum_gates(const Cell         cell,
          const float* const a,
          const size_t       gate,
          const size_t       n_gates,
          const Width        width,
          const size_t       n_parts)
{
  const size_t hidden = grus_pad(width.n_vecs * VEC_LEN); // A constant
  const size_t first  = gate * hidden;
  Sums         s;
  UNROLL for (size_t v = 0U; v < width.n_vecs; ++v)
  {
    UNROLL for (size_t g = 0U; g < n_gates; ++g)
    {
      const size_t i   = first + (g * hidden) + (v * VEC_LEN);
      const Vec    b   = vec_load(cell.b + i);
      s.parts[g][v][0] = vec_mul(
        gate + g < 2U ? vec_add(b, vec_load(a + i)) : b, vec_splat(0.5f));
      UNROLL for (size_t p = 1U; p < n_parts; ++p)
      {
        s.parts[g][v][p] = vec_splat(0.0f);
      }
    }
  }

  const float* w    = cell.w + first;
  const float* h    = cell.h;
  const float* last = h + (cell.n_hidden / n_parts * n_parts);
  for (; h != last; h += n_parts) {
    UNROLL for (size_t p = 0U; p < n_parts; ++p)
    {
      const Vec x = vec_splat(h[p]);
      UNROLL for (size_t g = 0U; g < n_gates; ++g)
      {
        UNROLL for (size_t v = 0U; v < width.n_vecs; ++v)
        {
          s.parts[g][v][p] = add_product(w + (g * hidden) + (v * VEC_LEN),
                                         x,
                                         s.parts[g][v][p],
                                         width.low && v + 1U == width.n_vecs);
        }
      }
      w += 3U * hidden;
    }
  }
  for (; h != cell.h + cell.n_hidden; ++h) {
    const Vec x = vec_splat(*h);
    UNROLL for (size_t g = 0U; g < n_gates; ++g)
    {
      UNROLL for (size_t v = 0U; v < width.n_vecs; ++v)
      {
        s.parts[g][v][0] = add_product(w + (g * hidden) + (v * VEC_LEN),
                                       x,
                                       s.parts[g][v][0],
                                       width.low && v + 1U == width.n_vecs);
      }
    }
    w += 3U * hidden;
  }

  return s;
}

/**
   One step whose sums stay in registers, of one cell or of two.

   The reset gate comes first and on its own, since the candidate waits for it
   while the other sums do not.  Two cells take turns, so that one computes
   while the other waits.

   @param a (3 * hidden) input part with its bias, of each cell
   @param y (n_vecs * VEC_LEN) new hidden state, of each cell
*/
static ALWAYS_INLINE void
step_at_once(const Cell* const         cells,
             const size_t              n_cells,
             const float* const* const a,
             float* const* const       y,
             const Width               width)
{
  const size_t hidden  = grus_pad(width.n_vecs * VEC_LEN);
  const size_t n_parts = most_parts(2U * width.n_vecs);
  Vec          tr[2][AT_ONCE_VECS];
  UNROLL for (size_t k = 0U; k < n_cells; ++k)
  {
    const Sums reset =
      sum_gates(cells[k], a[k], 0U, 1U, width, most_parts(width.n_vecs));
    UNROLL for (size_t v = 0U; v < width.n_vecs; ++v)
    {
      tr[k][v] =
        vec_tanh(sum_of_parts(reset.parts[0][v], most_parts(width.n_vecs)));
    }
  }

  Vec z[2][AT_ONCE_VECS];
  Vec c[2][AT_ONCE_VECS];
  UNROLL for (size_t k = 0U; k < n_cells; ++k)
  {
    const Sums rest = sum_gates(cells[k], a[k], 1U, 2U, width, n_parts);
    UNROLL for (size_t v = 0U; v < width.n_vecs; ++v)
    {
      z[k][v] = sum_of_parts(rest.parts[0][v], n_parts);
      c[k][v] = sum_of_parts(rest.parts[1][v], n_parts);
    }
  }

  UNROLL for (size_t v = 0U; v < width.n_vecs; ++v)
  {
    UNROLL for (size_t k = 0U; k < n_cells; ++k)
    {
      const size_t i = v * VEC_LEN;
      const Vec    n = vec_load(a[k] + (2U * hidden) + i);
      const Vec    next =
        next_hidden(tr[k][v], z[k][v], c[k][v], n, vec_load(cells[k].h + i));
      vec_store(cells[k].h + i, next);
      vec_store(y[k] + i, vec_mul(next, vec_splat(2.0f)));
    }
  }
}

/**
   `n_vecs` vectors of c = b / 2 + w h, from `column` on, of one cell or of two
   that share each weight that is loaded.
*/
static ALWAYS_INLINE void
sum_tile(const Cell* const cells,
         const size_t      n_cells,
         const size_t      column,
         const size_t      n_vecs,
         const size_t      n_parts,
         const bool        bf16)
{
  const size_t       stride   = 3U * cells->hidden;
  const size_t       n_hidden = cells->n_hidden;
  const float* const b        = cells->b + column;
  const float*       w        = cells->w + column;
  const float*       h[2]     = {cells[0].h, cells[n_cells - 1U].h};
  const float* const last     = h[0] + (n_hidden / 2U * 2U);
  Vec                sums[2][MAX_TILE][MAX_PARTS];
  UNROLL for (size_t k = 0U; k < n_cells; ++k)
  {
    UNROLL for (size_t v = 0U; v < n_vecs; ++v)
    {
      sums[k][v][0] = vec_mul(vec_load(b + (v * VEC_LEN)), vec_splat(0.5f));
      sums[k][v][1] = vec_splat(0.0f);
    }
  }

  while (h[0] != last) {
    UNROLL for (size_t i = 0U; i < 2U * n_vecs; ++i)
    {
      // Row after row, but both rows of bf16 while their vector is loaded
      const size_t v       = bf16 ? i / 2U : i % n_vecs;
      const size_t p       = bf16 ? i % 2U : i / n_vecs;
      const Vec    weights = weights_of(w + (v * VEC_LEN), stride, p, bf16);
      UNROLL for (size_t k = 0U; k < n_cells; ++k)
      {
        sums[k][v][p % n_parts] =
          vec_madd(weights, vec_splat(h[k][p]), sums[k][v][p % n_parts]);
      }
    }
    w += bf16 ? stride : 2U * stride;
    UNROLL for (size_t k = 0U; k < n_cells; ++k)
    {
      h[k] += 2U;
    }
  }
  if (n_hidden % 2U) {
    UNROLL for (size_t k = 0U; k < n_cells; ++k)
    {
      const Vec x = vec_splat(*h[k]);
      UNROLL for (size_t v = 0U; v < n_vecs; ++v)
      {
        sums[k][v][0] = vec_madd(
          weights_of(w + (v * VEC_LEN), stride, 0U, bf16), x, sums[k][v][0]);
      }
    }
  }

  UNROLL for (size_t k = 0U; k < n_cells; ++k)
  {
    UNROLL for (size_t v = 0U; v < n_vecs; ++v)
    {
      vec_store(cells[k].c + column + (v * VEC_LEN),
                sum_of_parts(sums[k][v], n_parts));
    }
  }
}

/// Parts that a tile of one cell is summed in: as many as have registers
static ALWAYS_INLINE size_t
tile_parts(const size_t n_vecs)
{
  return STEP_VECS >= 2U * n_vecs ? 2U : 1U;
}

/// sum_tile() of a number of vectors that is not known when compiling, in
/// `n_parts` or, if that is 0, in as many as one cell has registers for
static ALWAYS_INLINE void
sum_columns(const Cell* const cells,
            const size_t      n_cells,
            const size_t      column,
            const size_t      n_vecs,
            const size_t      n_parts,
            const bool        bf16)
{
  switch (n_vecs) {
  case 1U:
    sum_tile(
      cells, n_cells, column, 1U, n_parts ? n_parts : tile_parts(1U), bf16);
    return;
  case 2U:
    sum_tile(
      cells, n_cells, column, 2U, n_parts ? n_parts : tile_parts(2U), bf16);
    return;
  case 3U:
    sum_tile(
      cells, n_cells, column, 3U, n_parts ? n_parts : tile_parts(3U), bf16);
    return;
  case 4U:
    sum_tile(
      cells, n_cells, column, 4U, n_parts ? n_parts : tile_parts(4U), bf16);
    return;
  case 5U:
    sum_tile(
      cells, n_cells, column, 5U, n_parts ? n_parts : tile_parts(5U), bf16);
    return;
  case 6U:
    sum_tile(
      cells, n_cells, column, 6U, n_parts ? n_parts : tile_parts(6U), bf16);
    return;
  case 7U:
    sum_tile(
      cells, n_cells, column, 7U, n_parts ? n_parts : tile_parts(7U), bf16);
    return;
  case 8U:
    sum_tile(
      cells, n_cells, column, 8U, n_parts ? n_parts : tile_parts(8U), bf16);
    return;
  }
}

/**
   Sum a tile of two cells in smaller ones, since each has half the registers,
   but in the same parts as for one cell.
*/
static ALWAYS_INLINE void
sum_pair(const Cell* const cells, const size_t column, const size_t n_vecs)
{
  const bool   apart = STEP_VECS >= 2U * MAX_TILE || tile_parts(n_vecs) == 2U;
  const size_t most  = STEP_VECS / (apart ? 4U : 2U);
  const size_t tiles = (n_vecs + most - 1U) / most;
  const size_t width = (n_vecs + tiles - 1U) / tiles; // A narrow one would wait
  for (size_t done = 0U; done < n_vecs; done += width) {
    const size_t n     = n_vecs - done < width ? n_vecs - done : width;
    const size_t first = column + (done * VEC_LEN);
    if (apart) {
      sum_columns(cells, 2U, first, n, 2U, false);
    } else {
      sum_columns(cells, 2U, first, n, 1U, false);
    }
  }
}

/**
   The sums of a step, some columns after the other.

   The order of the columns does not change a bit of the sums.  Walking them
   in turns forwards and backwards finds those read last still in the nearest
   cache.
*/
static ALWAYS_INLINE void
sum_in_tiles(const Cell* const cells,
             const size_t      n_cells,
             const bool        backwards,
             const bool        bf16)
{
  const size_t hidden  = cells->hidden;
  const size_t n_vecs  = (cells->n_hidden + VEC_LEN - 1U) / VEC_LEN;
  const size_t n_tiles = (n_vecs + MAX_TILE - 1U) / MAX_TILE; // Of each gate
  const size_t width   = (n_vecs + n_tiles - 1U) / n_tiles;
  for (size_t k = 0U; k < 3U * n_tiles; ++k) {
    const size_t i      = backwards ? (3U * n_tiles) - 1U - k : k;
    const size_t first  = (i % n_tiles) * width;
    const size_t column = ((i / n_tiles) * hidden) + (first * VEC_LEN);
    const size_t n      = first + width <= n_vecs ? width : n_vecs - first;
    if (n_cells == 2U && !bf16) {
      sum_pair(cells, column, n);
    } else {
      // Two cells in turns: unpacking bf16 leaves no registers to share
      for (size_t cell = 0U; cell < n_cells; ++cell) {
        sum_columns(cells + cell, 1U, column, n, 0U, bf16);
      }
    }
  }
}

/// What is left of a step when all columns are summed
static ALWAYS_INLINE void
finish_step(const Cell cell, const float* const a, float* const y)
{
  const Vec scale = vec_splat(0.5f);
  for (size_t j = 0U; j < cell.n_hidden; j += VEC_LEN) {
    const float* const c = cell.c + j;
    const float* const z = a + cell.hidden + j;
    const float* const n = a + (2U * cell.hidden) + j;
    const Vec          next =
      next_hidden(vec_tanh(vec_madd(vec_load(a + j), scale, vec_load(c))),
                  vec_madd(vec_load(z), scale, vec_load(c + cell.hidden)),
                  vec_load(c + (2U * cell.hidden)),
                  vec_load(n),
                  vec_load(cell.h + j));
    vec_store(cell.h + j, next);
    vec_store(y + j, vec_mul(next, vec_splat(2.0f)));
  }
}

/// One cell along a sequence, or two
typedef struct {
  Cell         cells[2]; ///< Forward and backward, or of two streams
  const float* a;
  size_t       a_stride;
  float*       y;
  size_t       y_stride;
  size_t       n;
} Sequence;

/// One step
static ALWAYS_INLINE void
step(const Cell         cell,
     const float* const a,
     float* const       y,
     const Width        width,
     const bool         backwards)
{
  if (width.n_vecs) {
    step_at_once(&cell, 1U, &a, &y, width);
  } else {
    sum_in_tiles(&cell, 1U, backwards, false);
    finish_step(cell, a, y);
  }
}

static ALWAYS_INLINE void
one_way_of(const Sequence s, const Width width)
{
  for (size_t t = 0U; t < s.n; ++t) {
    step(s.cells[0],
         s.a + (t * s.a_stride),
         s.y + (t * s.y_stride),
         width,
         t % 2U);
  }
}

/// One step of a result that has no padding
static ALWAYS_INLINE void
unpadded_step(const Cell         cell,
              const float* const a,
              float* const       y,
              const Width        width,
              const bool         backwards)
{
  if (cell.n_hidden % VEC_LEN) {
    float* const whole = cell.c + (2U * cell.hidden); // Its sums are spent
    step(cell, a, whole, width, backwards);
    memcpy(y, whole, cell.n_hidden * sizeof(float));
  } else {
    step(cell, a, y, width, backwards);
  }
}

/// Both directions step together, so that one computes while the other waits
static ALWAYS_INLINE void
both_ways_of(const Sequence s, const Width width)
{
  for (size_t t = 0U; t < s.n; ++t) {
    const size_t u = s.n - 1U - t;
    unpadded_step(s.cells[0],
                  s.a + (t * s.a_stride),
                  s.y + (t * s.y_stride),
                  width,
                  t % 2U);
    unpadded_step(s.cells[1],
                  s.a + (u * s.a_stride) + (3U * s.cells[1].hidden),
                  s.y + (u * s.y_stride) + s.cells[1].n_hidden,
                  width,
                  t % 2U);
  }
}

/// Both streams step together
static ALWAYS_INLINE void
pair_of(const Sequence s, const Width width, const bool bf16)
{
  for (size_t t = 0U; t < s.n; ++t) {
    const float* const a[] = {s.a + (t * s.a_stride),
                              s.a + ((s.n + t) * s.a_stride)};
    float* const y[] = {s.y + (t * s.y_stride), s.y + ((s.n + t) * s.y_stride)};
    if (width.n_vecs) {
      step_at_once(s.cells, 2U, a, y, width);
    } else {
      sum_in_tiles(s.cells, 2U, t % 2U, bf16);
      finish_step(s.cells[0], a[0], y[0]);
      finish_step(s.cells[1], a[1], y[1]);
    }
  }
}

static ALWAYS_INLINE void
two_streams_of(const Sequence s, const Width width)
{
  pair_of(s, width, false);
}

/// Run a sequence by the body for its number of vectors
static ALWAYS_INLINE void
run_sequence(const Sequence s, void (*const run)(Sequence s, Width width))
{
  const size_t n_hidden = s.cells[0].n_hidden;
  const size_t left     = n_hidden % VEC_LEN;
  const bool   low      = VEC_LOW_LEN < VEC_LEN && left && left <= VEC_LOW_LEN;
  switch ((n_hidden + VEC_LEN - 1U) / VEC_LEN) {
  case 1U:
    if (low) {
      run(s, (Width){1U, true});
    } else {
      run(s, (Width){1U, false});
    }
    return;
  case 2U:
    if (low) {
      run(s, (Width){2U, true});
    } else {
      run(s, (Width){2U, false});
    }
    return;
  case 3U:
    if (low) {
      run(s, (Width){3U, true});
    } else {
      run(s, (Width){3U, false});
    }
    return;
#if AT_ONCE_VECS >= 4
  case 4U:
    if (low) {
      run(s, (Width){4U, true});
    } else {
      run(s, (Width){4U, false});
    }
    return;
#endif
#if AT_ONCE_VECS >= 6
  case 5U:
    if (low) {
      run(s, (Width){5U, true});
    } else {
      run(s, (Width){5U, false});
    }
    return;
  case 6U:
    if (low) {
      run(s, (Width){6U, true});
    } else {
      run(s, (Width){6U, false});
    }
    return;
#endif
  default:
    run(s, (Width){0U, false});
  }
}

static void
gru_sequence(float* const       y,
             const size_t       y_stride,
             const float* const a,
             const size_t       a_stride,
             const float* const w,
             const float* const b,
             float* const       h,
             float* const       c,
             const size_t       n,
             const size_t       n_hidden,
             const size_t       hidden)
{
  const Cell     cell = {w, b, h, c, n_hidden, hidden};
  const Sequence s    = {{cell, cell}, a, a_stride, y, y_stride, n};

  scale_hidden(h, hidden, 0.5f);
  run_sequence(s, one_way_of);
  scale_hidden(h, hidden, 2.0f);
}

static void
gru_sequence_bf16(float* const       y,
                  const size_t       y_stride,
                  const float* const a,
                  const size_t       a_stride,
                  const float* const w,
                  const float* const b,
                  float* const       h,
                  float* const       c,
                  const size_t       n,
                  const size_t       n_hidden,
                  const size_t       hidden)
{
  const Cell cell = {w, b, h, c, n_hidden, hidden};

  scale_hidden(h, hidden, 0.5f);
  for (size_t t = 0U; t < n; ++t) {
    sum_in_tiles(&cell, 1U, t % 2U, true);
    finish_step(cell, a + (t * a_stride), y + (t * y_stride));
  }
  scale_hidden(h, hidden, 2.0f);
}

/// Halve the hidden states of two streams
static ALWAYS_INLINE Sequence
start_pair(Sequence s, float* const* const h)
{
  s.cells[0].h = h[0];
  s.cells[1].h = h[1];
  s.cells[1].c += 3U * s.cells[1].hidden;
  scale_hidden(h[0], s.cells[0].hidden, 0.5f);
  scale_hidden(h[1], s.cells[1].hidden, 0.5f);
  return s;
}

/// Double them again
static ALWAYS_INLINE void
end_pair(const Sequence s)
{
  scale_hidden(s.cells[0].h, s.cells[0].hidden, 2.0f);
  scale_hidden(s.cells[1].h, s.cells[1].hidden, 2.0f);
}

static void
gru_pair(float* const        y,
         const size_t        y_stride,
         const float* const  a,
         const size_t        a_stride,
         const float* const  w,
         const float* const  b,
         float* const* const h,
         float* const        c,
         const size_t        n,
         const size_t        n_hidden,
         const size_t        hidden)
{
  const Cell     cell = {w, b, NULL, c, n_hidden, hidden};
  const Sequence both = {{cell, cell}, a, a_stride, y, y_stride, n};
  const Sequence s    = start_pair(both, h);

  run_sequence(s, two_streams_of);
  end_pair(s);
}

static void
gru_pair_bf16(float* const        y,
              const size_t        y_stride,
              const float* const  a,
              const size_t        a_stride,
              const float* const  w,
              const float* const  b,
              float* const* const h,
              float* const        c,
              const size_t        n,
              const size_t        n_hidden,
              const size_t        hidden)
{
  const Cell     cell = {w, b, NULL, c, n_hidden, hidden};
  const Sequence both = {{cell, cell}, a, a_stride, y, y_stride, n};
  const Sequence s    = start_pair(both, h);

  pair_of(s, (Width){0U, false}, true);
  end_pair(s);
}

static void
gru_both_ways(float* const       y,
              const size_t       y_stride,
              const float* const a,
              const float* const w,
              const float* const b,
              float* const       h,
              float* const       c,
              const size_t       n,
              const size_t       n_hidden,
              const size_t       hidden)
{
  const size_t gates    = 3U * hidden;
  const Cell   forward  = {w, b, h, c, n_hidden, hidden};
  const Cell   backward = {
      w + (n_hidden * gates), b + gates, h + hidden, c + gates, n_hidden, hidden};
  const Sequence s = {{forward, backward}, a, 2U * gates, y, y_stride, n};

  memset(h, 0, 2U * hidden * sizeof(float));
  run_sequence(s, both_ways_of);
}

#endif // GRUS_GRU_BODY_H
