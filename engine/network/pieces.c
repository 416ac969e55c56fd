// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "network/pieces.h"

#include "kernels/kernels.h"
#include "model/model.h"
#include "network/layers.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/// Pieces of a network that are about equal: few, as each has its overhead, and
/// none that parts rows that are faster together
enum { WANTED_PIECES = 64 };

/// Multiplications of weights in one row of a layer and what else it does, in
/// what many rows of a GRU take for a multiplication
static float
row_cost(const GrusModel* const model, const GrusLayer* const layer)
{
  const float overhead = 4.0f * (float)layer->n_cols;
  const float n_rows   = (float)layer->n_rows;
  const float in       = layer->input == GRUS_INPUT_FRONT_END
                           ? 0.0f
                           : (float)model->layers[layer->input].n_cols;
  switch (layer->type) {
  case GRUS_LAYER_SPECTRUM_LINEAR:
    return overhead + (5.0f * (float)layer->u.band.bands.n_bins *
                       (float)layer->n_cols / n_rows);
  case GRUS_LAYER_BAND_LINEAR:
    return overhead + (4.5f * (float)layer->u.band.bands.n_bins * in / n_rows);
  case GRUS_LAYER_BAND_ENERGY:
    return overhead + (32.0f * (float)layer->u.energy.bands.n_bins / n_rows);
  case GRUS_LAYER_LINEAR:
    return overhead + (in * (float)layer->n_cols);
  case GRUS_LAYER_GRU: {
    const float hidden = (float)layer->u.gru.hidden;
    const float alone  = layer->n_rows > 1U ? 1.0f : 2.0f; // Shares no loads
    return overhead +
           (alone * (in + hidden + 16.0f) * 3.0f * hidden *
            (float)(grus_n_directions(layer) * layer->u.gru.n_layers));
  }
  case GRUS_LAYER_LAYER_NORM:
    return 4.0f * overhead;
  case GRUS_LAYER_ACTIVATION:
  case GRUS_LAYER_FLATTEN:
  case GRUS_LAYER_CONCAT:
    return overhead;
  }
  return overhead;
}

bool
grus_has_free_rows(const GrusLayer* const layer)
{
  switch (layer->type) {
  case GRUS_LAYER_SPECTRUM_LINEAR:
  case GRUS_LAYER_BAND_LINEAR:
  case GRUS_LAYER_LINEAR:
  case GRUS_LAYER_LAYER_NORM:
    return true;
  case GRUS_LAYER_GRU:
    return !layer->u.gru.over_bands && layer->u.gru.n_layers == 1U;
  case GRUS_LAYER_BAND_ENERGY:
  case GRUS_LAYER_ACTIVATION:
  case GRUS_LAYER_FLATTEN:
  case GRUS_LAYER_CONCAT:
    break;
  }
  return false;
}

/// Add a piece; only counts it while there is no array
static void
add_piece(GrusPieces* const pieces, const GrusPiece piece)
{
  if (pieces->items) {
    pieces->items[pieces->n] = piece;
  }
  ++pieces->n;
}

/// Cut a GRU over bands into what depends on the input and what on the state
static void
cut_gru_over_bands(GrusPieces* const      pieces,
                   const GrusModel* const model,
                   const uint32_t         index,
                   const float            cost)
{
  const GrusLayer* const layer = &model->layers[index];
  const float            in    = (float)model->layers[layer->input].n_cols;
  const float            share =
    in / (in + (float)layer->u.gru.hidden + 16.0f); // As row_cost() has it
  const GrusPiece input = {
    index, 0U, layer->n_rows, cost * share, GRUS_GRU_INPUT};
  const GrusPiece recurrence = {
    index, 0U, layer->n_rows, cost * (1.0f - share), GRUS_GRU_RECURRENCE};
  add_piece(pieces, input);
  add_piece(pieces, recurrence);
}

static void
cut_layers(GrusPieces* const pieces, const GrusModel* const model)
{
  float total = 0.0f;
  for (uint32_t i = 0U; i < model->n_layers; ++i) {
    total +=
      row_cost(model, &model->layers[i]) * (float)model->layers[i].n_rows;
  }

  pieces->n = 0U;
  for (uint32_t i = 0U; i < model->n_layers; ++i) {
    const GrusLayer* const layer = &model->layers[i];
    const float            cost  = row_cost(model, layer);
    const float            rows  = total / (WANTED_PIECES * cost);
    uint32_t               most  = layer->n_rows;
    if (layer->type == GRUS_LAYER_GRU && layer->u.gru.over_bands &&
        layer->u.gru.n_layers == 1U && layer->add == GRUS_NO_LAYER) {
      cut_gru_over_bands(pieces, model, i, cost * (float)layer->n_rows);
      continue;
    }
    if (grus_has_free_rows(layer) && rows < (float)most) {
      most = ((uint32_t)(rows / GRUS_TILE_ROWS) + 1U) * GRUS_TILE_ROWS;
    }
    for (uint32_t row = 0U; row < layer->n_rows; row += most) {
      const uint32_t  left  = layer->n_rows - row;
      const uint32_t  n     = left < most ? left : most;
      const GrusPiece piece = {i, row, n, cost * (float)n, GRUS_GRU_WHOLE};
      add_piece(pieces, piece);
    }
  }
}

bool
grus_pieces_cut(GrusPieces* const pieces, const GrusModel* const model)
{
  cut_layers(pieces, model);
  // NOLINTNEXTLINE(clang-analyzer-optin.portability.UnixAPI): n is not 0
  pieces->items = (GrusPiece*)calloc(pieces->n, sizeof(GrusPiece));
  if (!pieces->items) {
    return false;
  }

  cut_layers(pieces, model);
  return true;
}
