// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC
//
// Matrices times rows of vecs, and the gradients of matrices. What limits both
// is loading: so ROWS rows share every weight while it is in a register, and a
// gradient is summed over rows and lanes alike, as a product of two plain
// matrices, since one sum for each lane would not even fit in the second cache.

#pragma once

#include "vectors.h"

// TILE x ROWS sums and what they are made of fit in the registers, of which
// AVX-512 has 32.
enum { ROWS = 3, TILE = LANES < 16 ? 4 : 8, SUMS = ROWS * TILE };

// A rows x columns matrix laid out for multiply(): tiles of TILE rows, column
// by column. `rows` is rounded up to whole tiles.
static int64_t
packed_size(int64_t rows, int64_t columns)
{
  return (rows + TILE - 1) / TILE * TILE * columns;
}

static void
pack(float* packed, const float* matrix, int64_t rows, int64_t columns)
{
  for (int64_t row = 0; row < rows; row++) {
    for (int64_t column = 0; column < columns; column++) {
      packed[(row / TILE * columns + column) * TILE + row % TILE] =
        matrix[row * columns + column];
    }
  }
}

// `count` matrices of rows x columns, each with whole tiles.
static float*
packed_copies(const float* matrices,
              int64_t      count,
              int64_t      rows,
              int64_t      columns)
{
  float* packed = floats(count * packed_size(rows, columns));
  for (int64_t i = 0; i < count; i++) {
    pack(packed + i * packed_size(rows, columns),
         matrices + i * rows * columns,
         rows,
         columns);
  }
  return packed;
}

static float*
transposed_copy(const float* matrix, int64_t rows, int64_t columns)
{
  float* packed = floats(packed_size(columns, rows));
  for (int64_t row = 0; row < rows; row++) {
    for (int64_t column = 0; column < columns; column++) {
      packed[(column / TILE * rows + row) * TILE + column % TILE] =
        matrix[row * columns + column];
    }
  }
  return packed;
}

// sums[count][TILE] += a tile * in[count]. `count` is known when this is
// compiled, and loops as short as these are unrolled by hand: else the sums
// would lie in memory.
INLINE void
add_tile(const float*      tile,
         int64_t           columns,
         const vec* const* in,
         const int         count,
         vec*              sums)
{
  vec total[SUMS];
#pragma GCC unroll 24
  for (int cell = 0; cell < count * TILE; cell++) {
    total[cell] = sums[cell];
  }
  for (int64_t column = 0; column < columns; column++, tile += TILE) {
#pragma GCC unroll 24
    for (int cell = 0; cell < count * TILE; cell++) {
      // The inputs stay in registers, and one weight after the other.
      int row = cell % count;
      int i   = cell / count;
      total[row * TILE + i] += tile[i] * in[row][column];
    }
  }
#pragma GCC unroll 24
  for (int cell = 0; cell < count * TILE; cell++) {
    sums[cell] = total[cell];
  }
}

INLINE void
multiply_rows(const float*      packed,
              int64_t           rows,
              int64_t           columns,
              const vec* const* in,
              const float*      bias,
              vec* const*       out,
              const int         count)
{
  for (int64_t first = 0; first < rows; first += TILE) {
    int64_t wide = rows - first < TILE ? rows - first : TILE;
    vec     sums[SUMS];
    for (int row = 0; row < count; row++) {
      for (int64_t i = 0; i < wide; i++) {
        vec begin = {0};
        if (bias == NULL) {
          begin = out[row][first + i];
        } else {
          begin += bias[first + i];
        }
        sums[row * TILE + i] = begin;
      }
      for (int64_t i = wide; i < TILE; i++) {
        sums[row * TILE + i] = (vec){0};
      }
    }
    add_tile(packed + first * columns, columns, in, count, sums);
    for (int row = 0; row < count; row++) {
      for (int64_t i = 0; i < wide; i++) {
        out[row][first + i] = sums[row * TILE + i];
      }
    }
  }
}

// out = packed * in + bias for `count` rows; without a bias out += packed * in.
static void
multiply(const float*      packed,
         int64_t           rows,
         int64_t           columns,
         const vec* const* in,
         const float*      bias,
         vec* const*       out,
         int64_t           count)
{
  switch (count) {
  case 3:
    multiply_rows(packed, rows, columns, in, bias, out, 3);
    break;
  case 2:
    multiply_rows(packed, rows, columns, in, bias, out, 2);
    break;
  default:
    multiply_rows(packed, rows, columns, in, bias, out, 1);
  }
}

// A row of `size` vecs -> LANES rows of `size` floats, rounded up to whole vecs
// with zeros.
static int64_t
turned_width(int64_t size)
{
  return (size + LANES - 1) / LANES;
}

static void
turn(const vec* in, int64_t size, vec* out)
{
  int64_t width = turned_width(size);
  for (int64_t column = 0; column < width; column++) {
    vec block[LANES];
    for (int64_t i = 0; i < LANES; i++) {
      int64_t place = column * LANES + i;
      block[i]      = place < size ? in[place] : (vec){0};
    }
    transpose(block);
    for (int64_t i = 0; i < LANES; i++) {
      out[i * width + column] = block[i];
    }
  }
}

// The gradient of a matrix, summed up turn by turn.
struct gradient {
  int64_t rows, columns;
  vec*    sums;   // [rows][turned_width(columns)]
  vec*    turned; // ROWS rows, see turn()
};

static struct gradient
begin_gradient(int64_t rows, int64_t columns)
{
  int64_t width = turned_width(columns);
  return (struct gradient){
    .rows    = rows,
    .columns = columns,
    .sums    = vecs(rows * width),
    .turned  = vecs((int64_t)ROWS * LANES * width),
  };
}

// sums[high][wide] += left' * turned, at one place.
INLINE void
add_block(vec*              sums,
          int64_t           width,
          const vec* const* left,
          int64_t           first,
          const vec*        turned,
          int64_t           count,
          const int         high,
          const int         wide)
{
  vec total[16] = {0};
  for (int64_t row = 0; row < count; row++) {
    const float* a = (const float*)(left[row] + first);
    for (int64_t lane = 0; lane < LANES; lane++, turned += width) {
#pragma GCC unroll 16
      for (int cell = 0; cell < high * wide; cell++) {
        total[cell] += a[cell / wide * LANES + lane] * turned[cell % wide];
      }
    }
  }
#pragma GCC unroll 16
  for (int cell = 0; cell < high * wide; cell++) {
    sums[cell / wide * width + cell % wide] += total[cell];
  }
}

// Adds the outer products of `count` pairs of rows, at most ROWS; `turned` is
// filled in.
static void
add_turned(const struct gradient* to, const vec* const* left, int64_t count)
{
  int64_t width = turned_width(to->columns);
  for (int64_t column = 0; column < width;) {
    int64_t    wide = width - column < 2 ? 1 : 2;
    const vec* b    = to->turned + column;
    for (int64_t row = 0; row < to->rows;) {
      vec* sums = to->sums + row * width + column;
      int  high = to->rows - row < TILE ? 4 : TILE;
      if (wide == 2 && high == TILE) {
        add_block(sums, width, left, row, b, count, TILE, 2);
      } else if (wide == 2) {
        add_block(sums, width, left, row, b, count, 4, 2);
      } else if (high == TILE) {
        add_block(sums, width, left, row, b, count, TILE, 1);
      } else {
        add_block(sums, width, left, row, b, count, 4, 1);
      }
      row += high;
    }
    column += wide;
  }
}

static void
add_outer(const struct gradient* to,
          const vec* const*      left,
          const vec* const*      right,
          int64_t                count)
{
  int64_t width = turned_width(to->columns);
  for (int64_t row = 0; row < count; row++) {
    turn(right[row], to->columns, to->turned + row * LANES * width);
  }
  add_turned(to, left, count);
}

// Adds the sums to gradient[rows][columns] and begins anew.
static void
take_gradient(const struct gradient* from, float* gradient)
{
  int64_t width = turned_width(from->columns);
  for (int64_t row = 0; row < from->rows; row++) {
    const float* sums = (const float*)(from->sums + row * width);
    for (int64_t column = 0; column < from->columns; column++) {
      gradient[row * from->columns + column] += sums[column];
    }
  }
  memset(from->sums, 0, from->rows * width * sizeof(vec));
}

static void
end_gradient(const struct gradient* gradient)
{
  free(gradient->sums);
  free(gradient->turned);
}
