// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "model/weights.h"

#include "grus/grus.h"
#include "kernels/kernels.h"
#include "model/model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Inputs from which on a matrix of bytes is faster than one of floats
enum { LEAST_INT8 = 64 };

GrusStorage
grus_storage_for(const size_t in, const GrusStorage wanted)
{
  const bool fits = in >= LEAST_INT8 && in <= GRUS_INT8_MOST;
  return wanted == GRUS_STORAGE_INT8 && !fits ? GRUS_STORAGE_F32 : wanted;
}

GrusStorage
grus_weights_round_matrix(float* const      w,
                          const size_t      in,
                          const size_t      out,
                          const GrusStorage wanted)
{
  const GrusStorage storage = grus_storage_for(in, wanted);
  if (storage == GRUS_STORAGE_BF16) {
    grus_pack_bf16(w, in, out);
  } else if (storage == GRUS_STORAGE_INT8) {
    grus_pack_int8(w, in, out);
  }

  return storage;
}

/// The model owns these arrays, and nothing runs on them yet
static float*
own(const float* const array, const GrusModel* const model)
{
  return model->arena + (array - model->arena);
}

static void
round_gru(const GrusModel* const model,
          GrusLayer* const       layer,
          const GrusStorage      wanted)
{
  const size_t gates = 3U * grus_pad(layer->u.gru.hidden);
  const size_t n     = layer->u.gru.bidirectional ? 2U : 1U;
  for (uint32_t i = 0U; i < layer->u.gru.n_layers; ++i) {
    GrusGruWeights* const w = &layer->u.gru.layers[i];
    w->input_storage        = grus_weights_round_matrix(
      own(w->input_weights, model), w->in, n * gates, wanted);
    if (n == 1U) { // Those of both directions are too few to gain anything
      w->hidden_storage = grus_weights_round_matrix(
        own(w->hidden_weights, model), layer->u.gru.hidden, gates, wanted);
    }
  }
}

void
grus_weights_round(GrusModel* const model, const GrusStorage wanted)
{
  for (uint32_t i = 0U; i < model->n_layers; ++i) {
    GrusLayer* const layer = &model->layers[i];
    if (layer->type == GRUS_LAYER_GRU) {
      round_gru(model, layer, wanted);
    } else if (layer->type == GRUS_LAYER_LINEAR && layer->n_cols > 1U) {
      layer->u.linear.storage =
        grus_weights_round_matrix(own(layer->u.linear.weights, model),
                                  layer->u.linear.in,
                                  grus_pad(layer->n_cols),
                                  wanted);
    }
  }

  model->info.storage = wanted;
}
