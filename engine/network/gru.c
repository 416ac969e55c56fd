// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// torch.nn.GRU, gate order r, z, n, with its own recurrent bias for n:
// https://pytorch.org/docs/stable/generated/torch.nn.GRU.html

#include "kernels/kernels.h"
#include "model/model.h"
#include "network/layers.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Input and result of one of the stacked layers of a GRU
typedef struct {
  const GrusGruWeights* weights;
  const float*          x;
  size_t                x_stride;
  float*                y;
  size_t                y_stride;
} Stacked;

static Stacked
stacked_layer(const GrusLayerCall* const  call,
              const GrusGruScratch* const scratch,
              const uint32_t              index)
{
  const bool    first = index == 0U;
  const bool    last  = index + 1U == call->layer->u.gru.n_layers;
  const Stacked s     = {
        &call->layer->u.gru.layers[index],
    first ? call->x : scratch->between[(index + 1U) % 2U],
    first ? call->x_stride : call->y_stride,
    last ? call->y : scratch->between[index % 2U],
    call->y_stride,
  };

  return s;
}

/// Compute the input part of all rows at once
static void
run_input_part(const GrusLayerCall* const  call,
               const GrusGruScratch* const scratch,
               const Stacked* const        s,
               const size_t                width)
{
  grus_linear_for(call->kernels,
                  s->weights->input_storage)(scratch->input_part,
                                             width,
                                             s->weights->input_weights,
                                             s->weights->input_bias,
                                             s->x,
                                             s->x_stride,
                                             call->n_rows,
                                             s->weights->in,
                                             width);
}

/// One step of `n` cells that share their weights
static void
run_step(const GrusLayerCall* const  call,
         const GrusGruWeights* const weights,
         const float* const          a,
         float* const                c,
         const size_t                n,
         float* const                h)
{
  const size_t n_hidden = call->layer->u.gru.hidden;
  const size_t hidden   = grus_pad(n_hidden);

  grus_linear_for(call->kernels,
                  weights->hidden_storage)(c,
                                           3U * hidden,
                                           weights->hidden_weights,
                                           weights->hidden_bias,
                                           h,
                                           hidden,
                                           n,
                                           n_hidden,
                                           3U * hidden);
  call->kernels->gru_gates(h, hidden, a, c, n, hidden);
}

/// Steps of one stream from row `first` on
static void
run_sequence(const GrusLayerCall* const  call,
             const GrusGruScratch* const scratch,
             const Stacked* const        s,
             const size_t                first,
             const size_t                n,
             float* const                h)
{
  const GrusKernels* const kernels  = call->kernels;
  const size_t             n_hidden = call->layer->u.gru.hidden;
  const size_t             hidden   = grus_pad(n_hidden);
  const float* const       a = scratch->input_part + (first * 3U * hidden);
  float* const             y = s->y + (first * s->y_stride);

  if (s->weights->hidden_storage == GRUS_STORAGE_INT8) {
    for (size_t t = 0U; t < n; ++t) {
      run_step(
        call, s->weights, a + (t * 3U * hidden), scratch->hidden_part, 1U, h);
      memcpy(y + (t * s->y_stride), h, hidden * sizeof(float));
    }
    return;
  }

  (s->weights->hidden_storage == GRUS_STORAGE_BF16
     ? kernels->gru_sequence_bf16
     : kernels->gru_sequence)(y,
                              s->y_stride,
                              a,
                              3U * hidden,
                              s->weights->hidden_weights,
                              s->weights->hidden_bias,
                              h,
                              scratch->hidden_part,
                              n,
                              n_hidden,
                              hidden);
}

static void
run_both_ways(const GrusLayerCall* const  call,
              const GrusGruScratch* const scratch,
              const Stacked* const        s)
{
  const size_t n_hidden = call->layer->u.gru.hidden;
  const size_t hidden   = grus_pad(n_hidden);

  call->kernels->gru_both_ways(s->y,
                               s->y_stride,
                               scratch->input_part,
                               s->weights->hidden_weights,
                               s->weights->hidden_bias,
                               scratch->hidden,
                               scratch->hidden_part,
                               call->n_rows,
                               n_hidden,
                               hidden);
}

void
grus_run_gru_over_rows(const GrusLayerCall* const  call,
                       const GrusGruScratch* const scratch,
                       const GrusGruPart           part)
{
  const bool   both_ways = call->layer->u.gru.bidirectional;
  const size_t hidden    = grus_pad(call->layer->u.gru.hidden);

  for (uint32_t i = 0U; i < call->layer->u.gru.n_layers; ++i) {
    const Stacked s = stacked_layer(call, scratch, i);
    if (part != GRUS_GRU_RECURRENCE) {
      run_input_part(call, scratch, &s, (both_ways ? 6U : 3U) * hidden);
    }
    if (part != GRUS_GRU_INPUT && both_ways) {
      run_both_ways(call, scratch, &s);
    } else if (part != GRUS_GRU_INPUT) {
      memset(scratch->hidden, 0, hidden * sizeof(float));
      run_sequence(call, scratch, &s, 0U, call->n_rows, scratch->hidden);
    }
  }
}

void
grus_run_gru_over_samples(const GrusLayerCall* const  call,
                          const GrusGruScratch* const scratch,
                          float* const                state)
{
  const size_t hidden = grus_pad(call->layer->u.gru.hidden);

  for (uint32_t i = 0U; i < call->layer->u.gru.n_layers; ++i) {
    const Stacked s = stacked_layer(call, scratch, i);
    run_input_part(call, scratch, &s, 3U * hidden);
    run_sequence(call, scratch, &s, 0U, call->n_rows, state + (i * hidden));
  }
}

void
grus_run_gru_over_pair(const GrusLayerCall* const  call,
                       const GrusGruScratch* const scratch,
                       float* const* const         states)
{
  const GrusKernels* const kernels  = call->kernels;
  const size_t             n_hidden = call->layer->u.gru.hidden;
  const size_t             hidden   = grus_pad(n_hidden);
  const size_t             n        = call->n_rows / 2U;

  for (uint32_t i = 0U; i < call->layer->u.gru.n_layers; ++i) {
    const Stacked s    = stacked_layer(call, scratch, i);
    float* const  h[2] = {states[0] + (i * hidden), states[1] + (i * hidden)};

    run_input_part(call, scratch, &s, 3U * hidden);
    if (s.weights->hidden_storage == GRUS_STORAGE_INT8) {
      run_sequence(call, scratch, &s, 0U, n, h[0]);
      run_sequence(call, scratch, &s, n, n, h[1]);
      continue;
    }
    (s.weights->hidden_storage == GRUS_STORAGE_BF16
       ? kernels->gru_pair_bf16
       : kernels->gru_pair)(s.y,
                            s.y_stride,
                            scratch->input_part,
                            3U * hidden,
                            s.weights->hidden_weights,
                            s.weights->hidden_bias,
                            h,
                            scratch->hidden_part,
                            n,
                            n_hidden,
                            hidden);
  }
}

void
grus_run_gru_step(const GrusLayerCall* const  call,
                  const GrusGruScratch* const scratch,
                  float* const                state)
{
  const size_t hidden = grus_pad(call->layer->u.gru.hidden);
  const size_t size   = call->n_rows * hidden;

  for (uint32_t i = 0U; i < call->layer->u.gru.n_layers; ++i) {
    const Stacked s = stacked_layer(call, scratch, i);
    float* const  h = state + (i * size);

    run_input_part(call, scratch, &s, 3U * hidden);
    run_step(call,
             s.weights,
             scratch->input_part,
             scratch->hidden_part,
             call->n_rows,
             h);
    memcpy(s.y, h, size * sizeof(float));
  }
}
