// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file pieces.h

   The work of a frame network on one analysis frame, cut into pieces of about
   equal cost, so that an even load can run them one by one.
*/

#ifndef GRUS_PIECES_H
#define GRUS_PIECES_H

#include "grus/attributes.h"
#include "model/model.h"
#include "network/layers.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Some rows of one layer, or a part of them
typedef struct {
  uint32_t    layer;
  uint32_t    first_row;
  uint32_t    n_rows;
  float       cost; ///< In multiplications of weights
  GrusGruPart part; ///< For a GRU over bands
} GrusPiece;

/// All pieces of a network, in the order they run
typedef struct {
  GrusPiece* items;
  uint32_t   n;
} GrusPieces;

/// Cut the layers of `model`; false without memory.  The caller frees `items`.
bool
grus_pieces_cut(GrusPieces* pieces, const GrusModel* model);

/// Return whether the rows of a layer can be computed one by one
GRUS_REALTIME bool
grus_has_free_rows(const GrusLayer* layer);

/// Return 2 for a bidirectional GRU, 1 for any other
static inline size_t
grus_n_directions(const GrusLayer* const layer)
{
  return layer->u.gru.bidirectional ? 2U : 1U;
}

#endif // GRUS_PIECES_H
