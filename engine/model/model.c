// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "model/model.h"

#include "base/fnv.h"
#include "base/message.h"
#include "format/safetensors.h"
#include "frames/front_end.h"
#include "grus/grus.h"
#include "model/description.h"
#include "model/weights.h"

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

static void
sum_up(GrusModel* const model)
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

static GrusStatus
read_file(GrusModel* const             model,
          const GrusSafetensors* const file,
          GrusMessage* const           message)
{
  const char* const text = grus_safetensors_metadata(file, "grus");
  if (!text) {
    return grus_fail(message,
                     GRUS_ERR_UNSUPPORTED,
                     "the file's metadata has no \"grus\": it holds tensors, "
                     "but does not say what network they are");
  }

  GrusStatus st = grus_description_read(text, model, message);
  if (!st && model->info.kind == GRUS_KIND_FRAME &&
      !grus_framer_supports(model, model->info.sample_rate)) {
    st = grus_fail(message,
                   GRUS_ERR_UNSUPPORTED,
                   "frontend: \"window\" has prime factors beyond 5");
  }
  if (!st) {
    st = grus_weights_read(model, file, message);
  }
  return st;
}

static void
drop_test(GrusModel* const model)
{
  free(model->test_output);
  free(model->test_input);
  model->test_output = NULL;
  model->test_input  = NULL;
}

/// Store the weights as they are wanted, and find out what that changes
static GrusStatus
store(GrusModel* const   model,
      const GrusWeights  weights,
      GrusMessage* const message)
{
  GrusModelInfo* const info = &model->info;
  info->weights_error       = info->test_error;
  if (weights == GRUS_WEIGHTS_F32) {
    return GRUS_SUCCESS;
  }

  grus_weights_round(model, weights);
  return info->has_self_test
           ? grus_model_test_error(model, &info->weights_error, message)
           : GRUS_SUCCESS;
}

GrusStatus
grus_model_parse(const void* const  data,
                 const size_t       size,
                 GrusModel** const  model,
                 GrusMessage* const message)
{
  return grus_model_parse_as(data, size, GRUS_WEIGHTS_F32, model, message);
}

GrusStatus
grus_model_parse_as(const void* const  data,
                    const size_t       size,
                    const GrusWeights  weights,
                    GrusModel** const  model,
                    GrusMessage* const message)
{
  GrusSafetensors* file = NULL;
  GrusModel* const m    = (GrusModel*)calloc(1U, sizeof(GrusModel));
  if (!m) {
    return grus_fail(message, GRUS_ERR_NO_MEM, "no memory for a model");
  }

  GrusStatus st = grus_safetensors_open(data, size, &file, message);
  if (!st) {
    m->info.hash = grus_fnv1a(data, size);
    st           = read_file(m, file, message);
    grus_safetensors_close(file);
  }
  if (!st) {
    sum_up(m);
    st =
      m->info.has_self_test ? grus_model_self_test(m, message) : GRUS_SUCCESS;
  }
  if (!st) {
    st = store(m, weights, message);
  }

  drop_test(m);
  if (st) {
    grus_model_free(m);
    return st;
  }

  *model = m;
  return GRUS_SUCCESS;
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
