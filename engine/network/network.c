// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "network/network.h"

#include "base/arena.h"
#include "kernels/kernels.h"
#include "model/model.h"
#include "network/layers.h"
#include "network/pieces.h"
#include "network/spectrum.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// Where one layer's result and hidden states lie
typedef struct {
  float* rows;         ///< (n_rows, stride)
  size_t stride;       ///< Padded columns
  size_t state_offset; ///< Floats from the start of a channel's state
} Place;

struct GrusNetworkImpl {
  const GrusModel*   model;
  const GrusKernels* kernels;
  uint32_t           max_steps;
  Place*             places;
  size_t             state_size;
  GrusArena          arena;
  GrusGruScratch     gru;
  float*             gathered; ///< Input of one band
  GrusPieces         pieces;   ///< Of one analysis frame
};

static size_t
max_size(const size_t a, const size_t b)
{
  return a > b ? a : b;
}

/// Rows of a layer's result in one call
static size_t
most_rows(const GrusNetwork* const network, const GrusLayer* const layer)
{
  return network->model->info.kind == GRUS_KIND_SAMPLE ? network->max_steps
                                                       : layer->n_rows;
}

static size_t
widest_band(const GrusBands* const bands)
{
  size_t width = 0U;
  for (uint32_t g = 0U; g < bands->n_groups; ++g) {
    width = max_size(width, bands->groups[g].width);
  }
  return width;
}

/// Sizes of the scratch that all layers share
typedef struct {
  size_t gates;    ///< Of all rows of a GRU
  size_t between;  ///< Result of a GRU that is not the last
  size_t hidden;   ///< Hidden states of both directions of one row
  size_t gathered; ///< Input of a band
} ScratchSize;

static void
measure_layer(const GrusNetwork* const network,
              const GrusLayer* const   layer,
              ScratchSize* const       size)
{
  if (layer->type == GRUS_LAYER_GRU) {
    const size_t n      = most_rows(network, layer);
    const size_t hidden = grus_pad(layer->u.gru.hidden);
    const size_t width  = grus_n_directions(layer) * hidden;
    size->gates         = max_size(size->gates, n * 3U * width);
    size->between       = max_size(size->between, n * width);
    size->hidden        = max_size(size->hidden, width);
  } else if (layer->type == GRUS_LAYER_SPECTRUM_LINEAR) {
    size->gathered =
      max_size(size->gathered, 3U * widest_band(&layer->u.band.bands));
  }
}

static void
place_layer(GrusNetwork* const network, const uint32_t index)
{
  const GrusLayer* const layer = &network->model->layers[index];
  Place* const           place = &network->places[index];

  place->stride = grus_pad(layer->n_cols);
  place->rows =
    grus_arena_take(&network->arena, most_rows(network, layer) * place->stride);
  place->state_offset = network->state_size;
  if (layer->type == GRUS_LAYER_GRU && !layer->u.gru.over_bands) {
    // Samples are steps of one state, bands are as many states
    const size_t n_states =
      network->model->info.kind == GRUS_KIND_SAMPLE ? 1U : layer->n_rows;
    network->state_size +=
      n_states * layer->u.gru.n_layers * grus_pad(layer->u.gru.hidden);
  }
}

/// Hand out every array, once to measure and once for good
static void
place_all(GrusNetwork* const network)
{
  ScratchSize size    = {0U, 0U, 0U, 0U};
  network->state_size = 0U;
  for (uint32_t i = 0U; i < network->model->n_layers; ++i) {
    place_layer(network, i);
    measure_layer(network, &network->model->layers[i], &size);
  }

  network->gru.input_part  = grus_arena_take(&network->arena, size.gates);
  network->gru.hidden_part = grus_arena_take(&network->arena, size.gates);
  network->gru.between[0]  = grus_arena_take(&network->arena, size.between);
  network->gru.between[1]  = grus_arena_take(&network->arena, size.between);
  network->gru.hidden      = grus_arena_take(&network->arena, size.hidden);
  network->gathered        = grus_arena_take(&network->arena, size.gathered);
}

size_t
grus_network_memory(const GrusModel* const model, const uint32_t max_steps)
{
  GrusNetwork network = {.model = model, .max_steps = max_steps};
  network.places      = (Place*)calloc(model->n_layers, sizeof(Place));
  if (!network.places) {
    return 0U;
  }

  place_all(&network);
  free(network.places);
  return (network.arena.used + network.state_size) * sizeof(float);
}

GrusNetwork*
grus_network_new(const GrusModel* const   model,
                 const GrusKernels* const kernels,
                 const uint32_t           max_steps)
{
  GrusNetwork* const network = (GrusNetwork*)calloc(1U, sizeof(GrusNetwork));
  if (!network) {
    return NULL;
  }

  network->model     = model;
  network->kernels   = kernels;
  network->max_steps = max_steps;
  network->places    = (Place*)calloc(model->n_layers, sizeof(Place));
  if (network->places) {
    place_all(network);
  }
  if (!network->places || !grus_pieces_cut(&network->pieces, model) ||
      !grus_arena_alloc(&network->arena)) {
    grus_network_free(network);
    return NULL;
  }

  place_all(network);
  return network;
}

void
grus_network_free(GrusNetwork* const network)
{
  if (network) {
    free(network->arena.base);
    free(network->pieces.items);
    free(network->places);
    free(network);
  }
}

size_t
grus_network_state_size(const GrusNetwork* const network)
{
  return network->state_size;
}

GrusRows
grus_network_rows(const GrusNetwork* const network, const uint32_t layer)
{
  const Place* const place = &network->places[layer];
  const GrusRows     rows  = {place->rows, place->stride};
  return rows;
}

/// Return the rows of a layer of the output, which may be missing
static GrusRows
output_rows(const GrusNetwork* const network, const uint32_t layer)
{
  const GrusRows none = {NULL, 0U};
  return layer == GRUS_NO_LAYER ? none : grus_network_rows(network, layer);
}

GrusMaskRows
grus_network_mask_rows(const GrusNetwork* const network)
{
  const GrusOutput* const output = &network->model->output;
  const GrusMaskRows      rows   = {
           output_rows(network, output->mask),
           output_rows(network, output->gains),
  };
  return rows;
}

static void
run_concat(const GrusNetwork* const network, const GrusLayerCall* const call)
{
  size_t column = 0U;
  for (uint32_t i = 0U; i < call->layer->u.concat.n_inputs; ++i) {
    const uint32_t     input = call->layer->u.concat.inputs[i];
    const Place* const place = &network->places[input];
    const size_t       cols  = network->model->layers[input].n_cols;
    for (size_t row = 0U; row < call->n_rows; ++row) {
      memcpy(call->y + (row * call->y_stride) + column,
             place->rows + (row * place->stride),
             cols * sizeof(float));
    }
    column += cols;
  }
}

/// Hidden states of the streams that a call runs, one or two
typedef struct {
  float*   states[2];
  uint32_t n;
} Streams;

static void
run_gru(GrusNetwork* const         network,
        const GrusLayerCall* const call,
        const GrusGruPart          part,
        const Streams              streams,
        const size_t               offset)
{
  float* const states[2] = {streams.states[0] + offset,
                            streams.states[streams.n - 1U] + offset};
  if (call->layer->u.gru.over_bands) {
    grus_run_gru_over_rows(call, &network->gru, part);
  } else if (network->model->info.kind == GRUS_KIND_FRAME) {
    grus_run_gru_step(call, &network->gru, states[0]);
  } else if (streams.n == 2U) {
    grus_run_gru_over_pair(call, &network->gru, states);
  } else {
    grus_run_gru_over_samples(call, &network->gru, states[0]);
  }
}

/// Where a layer reads from and writes to in this step
static GrusLayerCall
layer_call(const GrusNetwork* const network,
           const uint32_t           index,
           const float* const       samples,
           const uint32_t           n_steps)
{
  const GrusLayer* const layer = &network->model->layers[index];
  GrusLayerCall          call  = {
              .kernels  = network->kernels,
              .layer    = layer,
              .x        = samples,
              .x_stride = 1U,
              .n_rows   = n_steps,
              .y        = network->places[index].rows,
              .y_stride = network->places[index].stride,
              .n_bands  = layer->n_rows,
  };
  if (layer->input != GRUS_INPUT_FRONT_END) {
    call.x        = network->places[layer->input].rows;
    call.x_stride = network->places[layer->input].stride;
    call.n_rows   = n_steps * network->model->layers[layer->input].n_rows;
  }
  if (layer->type == GRUS_LAYER_CONCAT) {
    call.n_rows = n_steps * layer->n_rows;
  }

  return call;
}

/// Limit a call to the rows of a piece
static void
limit_call(GrusLayerCall* const call, const GrusPiece* const piece)
{
  if (grus_has_free_rows(call->layer)) {
    if (call->layer->input != GRUS_INPUT_FRONT_END) {
      call->x += piece->first_row * call->x_stride;
    }
    call->y += piece->first_row * call->y_stride;
    call->n_rows     = piece->n_rows;
    call->first_band = piece->first_row;
    call->n_bands    = piece->n_rows;
  }
}

static void
run_layer(GrusNetwork* const         network,
          const GrusLayerCall* const call,
          const GrusPiece* const     piece,
          const Streams              streams,
          const GrusSpectrum* const  spectrum,
          const uint32_t             n_steps)
{
  const GrusLayer* const layer = call->layer;
  const float*           added = NULL;
  if (layer->add != GRUS_NO_LAYER) {
    added = network->places[layer->add].rows +
            (piece->first_row * network->places[layer->add].stride);
  }

  switch (layer->type) {
  case GRUS_LAYER_SPECTRUM_LINEAR:
    grus_run_spectrum_linear(call, spectrum, network->gathered);
    break;
  case GRUS_LAYER_BAND_ENERGY:
    grus_run_band_energy(call, spectrum, &network->model->front_end);
    break;
  case GRUS_LAYER_BAND_LINEAR:
    grus_run_band_linear(call);
    break;
  case GRUS_LAYER_LINEAR:
    grus_run_linear(call);
    break;
  case GRUS_LAYER_GRU:
    run_gru(network,
            call,
            piece->part,
            streams,
            network->places[piece->layer].state_offset +
              (piece->first_row * grus_pad(layer->u.gru.hidden)));
    break;
  case GRUS_LAYER_LAYER_NORM:
    grus_run_layer_norm(call, added);
    return;
  case GRUS_LAYER_ACTIVATION:
    grus_run_activation(call);
    break;
  case GRUS_LAYER_FLATTEN:
    grus_run_flatten(call, network->model->layers[layer->input].n_cols);
    break;
  case GRUS_LAYER_CONCAT:
    run_concat(network, call);
    break;
  }

  if (added) {
    network->kernels->add(
      call->y, added, n_steps * piece->n_rows * call->y_stride);
  }
}

uint32_t
grus_network_n_pieces(const GrusNetwork* const network)
{
  return network->pieces.n;
}

float
grus_network_piece_cost(const GrusNetwork* const network, const uint32_t piece)
{
  return network->pieces.items[piece].cost;
}

void
grus_network_run_piece(GrusNetwork* const        network,
                       const uint32_t            piece,
                       float* const              state,
                       const GrusSpectrum* const spectrum)
{
  const GrusPiece* const p    = &network->pieces.items[piece];
  GrusLayerCall          call = layer_call(network, p->layer, NULL, 1U);

  const Streams streams = {{state, NULL}, 1U};
  limit_call(&call, p);
  run_layer(network, &call, p, streams, spectrum, 1U);
}

/// Run `n` rows of samples: one stream's, then the other's
static void
step_streams(GrusNetwork* const network,
             const Streams      streams,
             const float* const samples,
             const uint32_t     n)
{
  for (uint32_t i = 0U; i < network->model->n_layers; ++i) {
    const GrusPiece whole = {
      i, 0U, network->model->layers[i].n_rows, 0.0f, GRUS_GRU_WHOLE};
    const GrusLayerCall call = layer_call(network, i, samples, n);
    run_layer(network, &call, &whole, streams, NULL, n);
  }
}

void
grus_network_step_samples(GrusNetwork* const network,
                          float* const       state,
                          const float* const samples,
                          const uint32_t     n)
{
  const Streams one = {{state, NULL}, 1U};
  step_streams(network, one, samples, n);
}

void
grus_network_step_pair(GrusNetwork* const  network,
                       float* const* const states,
                       const float* const  samples,
                       const uint32_t      n)
{
  const Streams two = {{states[0], states[1]}, 2U};
  step_streams(network, two, samples, 2U * n);
}
