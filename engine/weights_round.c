// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "weights.h"

#include "kernels.h"
#include "model.h"

#include <stddef.h>
#include <stdint.h>

/// The model owns these arrays, and nothing runs on them yet
static float*
own(const float* const array, const GrusModel* const model)
{
  return model->arena + (array - model->arena);
}

static void
round_gru(const GrusModel* const model, GrusLayer* const layer)
{
  const size_t gates = 3U * grus_pad(layer->u.gru.hidden);
  for (uint32_t i = 0U; i < layer->u.gru.n_layers; ++i) {
    GrusGruWeights* const w = &layer->u.gru.layers[i];
    if (layer->u.gru.bidirectional) {
      // Their recurrent weights are too few to gain anything
      grus_pack_bf16(own(w->input_weights, model), w->in, 2U * gates);
    } else {
      grus_pack_bf16(own(w->input_weights, model), w->in, gates);
      grus_pack_bf16(own(w->hidden_weights, model), layer->u.gru.hidden, gates);
    }
    w->bf16 = true;
  }
}

void
grus_weights_round(GrusModel* const model)
{
  for (uint32_t i = 0U; i < model->n_layers; ++i) {
    GrusLayer* const layer = &model->layers[i];
    if (layer->type == GRUS_LAYER_GRU) {
      round_gru(model, layer);
    } else if (layer->type == GRUS_LAYER_LINEAR && layer->n_cols > 1U) {
      grus_pack_bf16(own(layer->u.linear.weights, model),
                     layer->u.linear.in,
                     grus_pad(layer->n_cols));
      layer->u.linear.bf16 = true;
    }
  }

  model->info.weights = GRUS_WEIGHTS_BF16;
}
