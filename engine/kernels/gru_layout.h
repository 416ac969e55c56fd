// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Where kernels want the weights of a GRU; whoever packs them asks here

#ifndef GRUS_GRU_LAYOUT_H
#define GRUS_GRU_LAYOUT_H

#include "base/pad.h"

#include <stddef.h>

/// Return the number of columns of a packed matrix: three padded gates
static inline size_t
grus_gru_columns(const size_t n_hidden)
{
  return 3U * grus_pad(n_hidden);
}

/**
   Return the column of a packed matrix, or the place in a packed bias, that row
   `row` of a weight of nn.GRU becomes.

   nn.GRU's rows are the units of the gates r, z and n; each gate is padded on
   its own, and column c of a weight becomes row c.
*/
static inline size_t
grus_gru_column(const size_t row, const size_t n_hidden)
{
  return ((row / n_hidden) * grus_pad(n_hidden)) + (row % n_hidden);
}

/// A weight of nn.GRU and the matrix that the kernels want of it
typedef struct {
  size_t n_hidden;
  size_t n_columns; ///< Of the weight's 3 * n_hidden rows, 1 for a bias
  size_t stride;    ///< From one row of the packed matrix to the next
} GrusGruMatrix;

/// Move number `index` of a weight to or from `packed`, both counted in numbers
typedef void (*GrusGruMove)(void* context, size_t index, size_t packed);

/// Call `move` for each number of a weight, in the order of PyTorch
static inline void
grus_gru_pack(const GrusGruMatrix matrix,
              const GrusGruMove   move,
              void* const         context)
{
  size_t index = 0U;
  for (size_t row = 0U; row < 3U * matrix.n_hidden; ++row) {
    const size_t first = grus_gru_column(row, matrix.n_hidden);
    for (size_t column = 0U; column < matrix.n_columns; ++column) {
      move(context, index++, (column * matrix.stride) + first);
    }
  }
}

#endif // GRUS_GRU_LAYOUT_H
