// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Where the weights of a GRU lie, by their names in PyTorch's state_dict

#ifndef GRUS_ARRAYS_GRU_PLACES_H
#define GRUS_ARRAYS_GRU_PLACES_H

#include "grus/gru.h"
#include "grus/status.h"
#include "kernels/gru_layout.h"

#include <stddef.h>
#include <stdint.h>

/// A weight and where its numbers are
typedef struct {
  GrusGruWeight weight;
  size_t        columns; ///< 1 for a bias
  char*         packed;  ///< (columns, 3 * padded hidden)
} GrusGruPlace;

/// Return how many weights each cell has
uint32_t
grus_gru_n_kinds(const GrusGru* gru);

/// Return the weight of a kind, from 0 on, of a cell
GrusGruPlace
grus_gru_place(const GrusGru* gru, size_t cell, uint32_t kind);

/// Move each number of a weight from or to its place, as grus_gru_pack() does
void
grus_gru_move(const GrusGru*      gru,
              const GrusGruPlace* place,
              GrusGruMove         move,
              void*               context);

/// Tell that a GRU has no weight of this name
GrusStatus
grus_gru_fail_unknown(const GrusGru* gru,
                      GrusStatus     st,
                      const char*    name,
                      GrusMessage*   message);

/// Tell that a weight has another shape
GrusStatus
grus_gru_fail_shape(GrusStatus          st,
                    const GrusGruPlace* place,
                    const GrusShape*    shape,
                    GrusMessage*        message);

#endif // GRUS_ARRAYS_GRU_PLACES_H
