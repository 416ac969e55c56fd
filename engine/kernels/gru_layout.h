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

#endif // GRUS_GRU_LAYOUT_H
