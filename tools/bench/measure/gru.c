// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "bench/measure/gru.h"

#include "base/arena.h"
#include "base/random.h"
#include "host/clock.h"
#include "kernels/gru_layout.h"
#include "kernels/kernels.h"
#include "kernels/reference.h"
#include "model.h"
#include "model/weights.h"
#include "network/layers.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct GruBenchImpl {
  GruSize        size;
  GrusLayer      layer;
  GrusArena      arena;
  GrusGruScratch scratch;
  float*         x;     ///< (streams * block, input)
  float*         y;     ///< (streams * block, padded hidden)
  float*         state; ///< (streams * layers, padded hidden)
  float*         w;     ///< (padded hidden) of a linear layer with one output
  float*         out;   ///< (streams * block) its results
  float*         exact; ///< The arena as it was before weights were rounded
  uint32_t       seed;
};

/// A row of three gates, as weights are packed
static void
fill_gates(GruBench* const bench, float* const row)
{
  const size_t hidden = bench->size.hidden;
  const float  scale  = 1.0f / sqrtf((float)hidden); // As nn.GRU starts
  for (size_t i = 0U; i < 3U * hidden; ++i) {
    row[grus_gru_column(i, hidden)] = scale * grus_random_noise(&bench->seed);
  }
}

/// Take an array of `n_rows` rows of gates, filled once there is memory
static const float*
take_gates(GruBench* const bench, const size_t n_rows)
{
  const size_t gates = grus_gru_columns(bench->size.hidden);
  float* const array = grus_arena_take(&bench->arena, n_rows * gates);
  for (size_t row = 0U; array && row < n_rows; ++row) {
    fill_gates(bench, array + (row * gates));
  }

  return array;
}

/// Rows that run at a time, of all streams
static uint32_t
n_rows(const GruBench* const bench)
{
  return bench->size.streams * gru_bench_block(bench->size);
}

/// Hand out every array, once to measure and once for good
static void
place_all(GruBench* const bench)
{
  GrusArena* const a      = &bench->arena;
  const size_t     block  = n_rows(bench);
  const size_t     hidden = grus_pad(bench->size.hidden);

  for (uint32_t i = 0U; i < bench->size.layers; ++i) {
    GrusGruWeights* const w = &bench->layer.u.gru.layers[i];
    w->in                   = i ? bench->size.hidden : bench->size.input;
    w->input_weights        = take_gates(bench, w->in);
    w->input_bias           = take_gates(bench, 1U);
    w->hidden_weights       = take_gates(bench, bench->size.hidden);
    w->hidden_bias          = take_gates(bench, 1U);
  }

  bench->scratch.input_part  = grus_arena_take(a, block * 3U * hidden);
  bench->scratch.hidden_part = grus_arena_take(a, block * 3U * hidden);
  bench->scratch.between[0]  = grus_arena_take(a, block * hidden);
  bench->scratch.between[1]  = grus_arena_take(a, block * hidden);
  bench->scratch.hidden      = grus_arena_take(a, hidden);
  bench->x                   = grus_arena_take(a, block * bench->size.input);
  bench->y                   = grus_arena_take(a, block * hidden);
  bench->state =
    grus_arena_take(a, bench->size.streams * bench->size.layers * hidden);
  bench->w   = grus_arena_take(a, hidden);
  bench->out = grus_arena_take(a, block);
}

/// Keep a copy of the weights, then round them
static bool
round_weights(GruBench* const bench, const GrusStorage storage)
{
  const size_t size  = bench->arena.used * sizeof(float);
  const size_t gates = grus_gru_columns(bench->size.hidden);
  bench->exact       = (float*)malloc(size);
  if (!bench->exact) {
    return false;
  }

  memcpy(bench->exact, bench->arena.base, size);
  for (uint32_t i = 0U; i < bench->size.layers; ++i) {
    GrusGruWeights* const w    = &bench->layer.u.gru.layers[i];
    float* const          base = bench->arena.base;
    w->input_storage           = grus_weights_round_matrix(
      base + (w->input_weights - base), w->in, gates, storage);
    w->hidden_storage = grus_weights_round_matrix(
      base + (w->hidden_weights - base), bench->size.hidden, gates, storage);
  }
  return true;
}

GruBench*
gru_bench_new(const GruSize size, const GrusStorage storage)
{
  GruBench* const bench = (GruBench*)calloc(1U, sizeof(GruBench));
  if (!bench) {
    return NULL;
  }

  bench->size                 = size;
  bench->seed                 = 1U;
  bench->layer.type           = GRUS_LAYER_GRU;
  bench->layer.n_rows         = 1U;
  bench->layer.n_cols         = size.hidden;
  bench->layer.u.gru.has_bias = true;
  bench->layer.u.gru.hidden   = size.hidden;
  bench->layer.u.gru.n_layers = size.layers;
  place_all(bench);
  if (!grus_arena_alloc(&bench->arena)) {
    gru_bench_free(bench);
    return NULL;
  }

  place_all(bench);
  if (storage != GRUS_STORAGE_F32 && !round_weights(bench, storage)) {
    gru_bench_free(bench);
    return NULL;
  }
  return bench;
}

void
gru_bench_free(GruBench* const bench)
{
  if (bench) {
    free(bench->exact);
    free(bench->arena.base);
    free(bench);
  }
}

/// Bytes of a weight of a matrix with `in` inputs
static double
item_size(const size_t in, const GrusStorage storage)
{
  switch (grus_storage_for(in, storage)) {
  case GRUS_STORAGE_F32:
    break;
  case GRUS_STORAGE_BF16:
    return 2.0;
  case GRUS_STORAGE_INT8:
    return 1.0;
  }
  return sizeof(float);
}

GruCost
gru_bench_cost(const GruSize size, const GrusStorage storage)
{
  const double gates     = 3.0 * size.hidden;
  const double recurrent = gates * size.hidden * size.layers;
  const double first     = gates * size.input;
  const double others    = gates * size.hidden * (size.layers - 1.0);
  const double biases    = 2.0 * gates * size.layers;
  const double item      = item_size(size.hidden, storage);
  const double inputs =
    (first * item_size(size.input, storage)) + (others * item);
  const double  own  = recurrent * item;
  const GruCost cost = {
    2.0 * size.streams * (recurrent + first + others),
    own + inputs + (sizeof(float) * biases),
    gru_bench_block(size) > 1U ? own : own + inputs,
  };

  return cost;
}

uint32_t
gru_bench_block(const GruSize size)
{
  return size.input == 1U ? BENCH_GRU_BLOCK : 1U;
}

uint32_t
gru_bench_steps(const GruSize size)
{
  const double most = 6e7 / gru_bench_cost(size, GRUS_STORAGE_F32).flops;
  const double n    = fmin(fmax(most, BENCH_GRU_BLOCK), 4800.0);
  return (uint32_t)n / BENCH_GRU_BLOCK * BENCH_GRU_BLOCK;
}

/// Run the steps of `x`
static void
run_block(GruBench* const bench, const GrusKernels* const kernels)
{
  const GrusLayerCall call      = {.kernels  = kernels,
                                   .layer    = &bench->layer,
                                   .x        = bench->x,
                                   .x_stride = bench->size.input,
                                   .n_rows   = n_rows(bench),
                                   .y        = bench->y,
                                   .y_stride = grus_pad(bench->size.hidden)};
  float* const        states[2] = {
           bench->state,
           bench->state + (bench->size.layers * grus_pad(bench->size.hidden))};
  if (gru_bench_block(bench->size) == 1U) {
    grus_run_gru_step(&call, &bench->scratch, bench->state);
  } else if (bench->size.streams == 2U) {
    grus_run_gru_over_pair(&call, &bench->scratch, states);
  } else {
    grus_run_gru_over_samples(&call, &bench->scratch, bench->state);
  }
}

static void
fill_input(GruBench* const bench)
{
  const size_t n = (size_t)n_rows(bench) * bench->size.input;
  for (size_t i = 0U; i < n; ++i) {
    bench->x[i] = grus_random_noise(&bench->seed);
  }
}

/// Make one output of what run_block() has left
static void
run_output(GruBench* const bench, const GrusKernels* const kernels)
{
  const float bias = 0.0f;
  kernels->dot(bench->out,
               1U,
               bench->w,
               &bias,
               bench->y,
               grus_pad(bench->size.hidden),
               n_rows(bench),
               bench->size.hidden);
}

double
gru_bench_time(GruBench* const          bench,
               const GrusKernels* const kernels,
               const bool               output)
{
  const uint32_t block   = gru_bench_block(bench->size);
  const uint32_t n_steps = gru_bench_steps(bench->size);

  fill_input(bench);
  run_block(bench, kernels); // Into the cache
  const double start = clock_seconds();
  for (uint32_t done = 0U; done < n_steps; done += block) {
    run_block(bench, kernels);
    if (output) {
      run_output(bench, kernels);
    }
  }
  return (clock_seconds() - start) * 1e9 / n_steps;
}

static void
copy_doubles(double* const out, const float* const x, const size_t n)
{
  for (size_t i = 0U; i < n; ++i) {
    out[i] = (double)x[i];
  }
}

/// Where the reference finds what lies at `x` in the arena
static const float*
exact(const GruBench* const bench, const float* const x)
{
  return bench->exact ? bench->exact + (x - bench->arena.base) : x;
}

/// Memory of the reference
typedef struct {
  double* input;  ///< (input)
  double* a;      ///< (3 * padded hidden)
  double* c;      ///< (3 * padded hidden)
  double* hidden; ///< (layers, padded hidden)
} Reference;

/// nn.GRU in double precision, one step of one layer
static void
reference_layer(const GruBench* const  bench,
                const Reference* const r,
                const uint32_t         index)
{
  const GrusGruWeights* const w        = &bench->layer.u.gru.layers[index];
  const size_t                n_hidden = bench->size.hidden;
  const size_t                hidden   = grus_pad(n_hidden);
  const size_t                gates    = 3U * hidden;
  double* const               h        = r->hidden + (index * hidden);

  grus_reference_linear(r->a,
                        exact(bench, w->input_weights),
                        gates,
                        w->input_bias,
                        index ? h - hidden : r->input,
                        w->in,
                        gates);
  grus_reference_linear(r->c,
                        exact(bench, w->hidden_weights),
                        gates,
                        w->hidden_bias,
                        h,
                        n_hidden,
                        gates);
  grus_reference_gates(h, r->a, r->c, n_hidden, hidden);
}

/// Run a block of the reference; results (block, padded hidden) into `y`
static void
reference_block(const GruBench* const  bench,
                const Reference* const r,
                double* const          y)
{
  const size_t  hidden = grus_pad(bench->size.hidden);
  double* const last   = r->hidden + ((bench->size.layers - 1U) * hidden);
  for (uint32_t t = 0U; t < gru_bench_block(bench->size); ++t) {
    copy_doubles(
      r->input, bench->x + (t * bench->size.input), bench->size.input);
    for (uint32_t i = 0U; i < bench->size.layers; ++i) {
      reference_layer(bench, r, i);
    }
    memcpy(y + (t * hidden), last, hidden * sizeof(double));
  }
}

static double
largest_difference(const GruBench* const bench, const double* const y)
{
  const size_t hidden = grus_pad(bench->size.hidden);
  double       most   = 0.0;
  for (size_t t = 0U; t < gru_bench_block(bench->size); ++t) {
    const size_t row = t * hidden;
    most             = grus_reference_larger(
      most, grus_reference_error(bench->y + row, y + row, bench->size.hidden));
  }
  return most;
}

bool
gru_bench_errors(GruBench* const                 bench,
                 const GrusKernels* const* const kernels,
                 const size_t                    n_kernels,
                 const uint32_t                  n_steps,
                 double* const                   errors)
{
  const size_t hidden     = grus_pad(bench->size.hidden);
  const size_t block      = gru_bench_block(bench->size);
  const size_t state_size = bench->size.streams * bench->size.layers * hidden;
  const size_t n_doubles =
    bench->size.input + (6U * hidden) + state_size + (block * hidden);
  double* const memory = (double*)calloc(n_doubles, sizeof(double));
  float* const  states = (float*)calloc(n_kernels * state_size, sizeof(float));
  if (memory && states) {
    const Reference r = {memory,
                         memory + bench->size.input,
                         memory + bench->size.input + (3U * hidden),
                         memory + bench->size.input + (6U * hidden)};
    double* const   y = r.hidden + state_size;

    memset(errors, 0, n_kernels * sizeof(double));
    for (uint32_t done = 0U; done < n_steps; done += (uint32_t)block) {
      fill_input(bench);
      reference_block(bench, &r, y);
      for (size_t k = 0U; k < n_kernels; ++k) {
        float* const state = states + (k * state_size);
        memcpy(bench->state, state, state_size * sizeof(float));
        run_block(bench, kernels[k]);
        memcpy(state, bench->state, state_size * sizeof(float));
        errors[k] =
          grus_reference_larger(errors[k], largest_difference(bench, y));
      }
    }
  }

  const bool ok = memory && states;
  free(states);
  free(memory);
  return ok;
}
