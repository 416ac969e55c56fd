// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "model/model.h"

#include "grus/grus.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

static uint64_t
gru_macs(const GrusLayer* const layer)
{
  const uint64_t hidden = layer->u.gru.hidden;
  const uint64_t n      = layer->u.gru.bidirectional ? 2U : 1U;
  uint64_t       macs   = 0U;
  for (uint32_t i = 0U; i < layer->u.gru.n_layers; ++i) {
    macs += n * 3U * hidden * (layer->u.gru.layers[i].in + hidden);
  }

  return layer->n_rows * macs;
}

static uint64_t
band_macs(const GrusLayer* const layer)
{
  uint64_t macs = 0U;
  for (uint32_t g = 0U; g < layer->u.band.bands.n_groups; ++g) {
    const GrusBandGroup group = layer->u.band.bands.groups[g];
    macs += (uint64_t)group.count * group.width *
            (layer->type == GRUS_LAYER_SPECTRUM_LINEAR
               ? 3U * (uint64_t)layer->n_cols
               : 2U * (uint64_t)layer->u.band.in);
  }

  return macs;
}

/// Multiplications of weights in one step of a layer
static uint64_t
layer_macs(const GrusLayer* const layer)
{
  switch (layer->type) {
  case GRUS_LAYER_SPECTRUM_LINEAR:
  case GRUS_LAYER_BAND_LINEAR:
    return band_macs(layer);
  case GRUS_LAYER_LINEAR:
    return (uint64_t)layer->n_rows * layer->u.linear.in * layer->n_cols;
  case GRUS_LAYER_GRU:
    return gru_macs(layer);
  case GRUS_LAYER_BAND_ENERGY:
  case GRUS_LAYER_LAYER_NORM:
  case GRUS_LAYER_ACTIVATION:
  case GRUS_LAYER_FLATTEN:
  case GRUS_LAYER_CONCAT:
    return 0U;
  }

  return 0U;
}

void
grus_model_sum_up(GrusModel* const model)
{
  GrusModelInfo* const info   = &model->info;
  const bool           frames = info->kind == GRUS_KIND_FRAME;

  info->window   = frames ? model->front_end.window : 1U;
  info->hop      = frames ? model->front_end.hop : 1U;
  info->n_layers = model->n_layers;
  for (uint32_t i = 0U; i < model->n_layers; ++i) {
    info->n_macs += layer_macs(&model->layers[i]);
  }
}

void
grus_model_free(GrusModel* const model)
{
  if (model) {
    for (uint32_t i = 0U; i < model->n_layers; ++i) {
      free(model->layers[i].name);
      free(model->layers[i].tensors);
    }
    for (size_t i = 0U; i < GRUS_N_TEXTS; ++i) {
      free(model->texts[i]);
    }
    free(model->test_input_name);
    free(model->test_output_name);
    free(model->layers);
    free(model->arena);
    free(model);
  }
}

const GrusModelInfo*
grus_model_info(const GrusModel* const model)
{
  return &model->info;
}

const char*
grus_model_layer_type(const GrusModel* const model, const uint32_t index)
{
  return index < model->n_layers
           ? grus_layer_type_name(model->layers[index].type)
           : NULL;
}

const char*
grus_model_layer_name(const GrusModel* const model, const uint32_t index)
{
  return index < model->n_layers ? model->layers[index].name : NULL;
}
