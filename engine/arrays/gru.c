// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "grus/gru.h"

#include "arrays/gru_impl.h"
#include "arrays/shape.h"
#include "base/message.h"
#include "base/sizes.h"
#include "kernels/kernels.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64 };

/// What the only kernels of float64 are called
static const char* const kernels_f64 = "double";

GrusGruConfig
grus_gru_config_default(const uint32_t input_size, const uint32_t hidden_size)
{
  const GrusGruConfig config = {
    input_size, hidden_size, 1U, true, false, false, 0.0, GRUS_FLOAT32, NULL};

  return config;
}

static GrusStatus
check_config(const GrusGruConfig* const config, GrusMessage* const message)
{
  if (!config->input_size) {
    return grus_fail(
      message, GRUS_ERR_BAD_ARG, "input_size must be at least 1");
  }
  if (!config->hidden_size) {
    return grus_fail(
      message, GRUS_ERR_BAD_ARG, "hidden_size must be at least 1");
  }
  if (!config->num_layers) {
    return grus_fail(
      message, GRUS_ERR_BAD_ARG, "num_layers must be at least 1");
  }
  if (!(config->dropout >= 0.0 && config->dropout <= 1.0)) {
    return grus_fail(message,
                     GRUS_ERR_BAD_ARG,
                     "dropout must be a number from 0 to 1, not %g",
                     config->dropout);
  }
  if (config->dtype != GRUS_FLOAT32 && config->dtype != GRUS_FLOAT64) {
    return grus_fail(
      message, GRUS_ERR_BAD_ARG, "dtype must be float32 or float64");
  }

  return GRUS_SUCCESS;
}

/// Set `kernels` to the variant of a name, or the best for null
static GrusStatus
find_kernels(const GrusGruConfig* const config,
             const GrusKernels** const  kernels,
             GrusMessage* const         message)
{
  const char* const         name = config->kernels;
  const GrusKernels* const* k    = grus_kernels_supported();
  if (config->dtype == GRUS_FLOAT64 && name && !strcmp(name, kernels_f64)) {
    return GRUS_SUCCESS;
  }
  while (*k && name && strcmp((*k)->name, name) != 0) {
    ++k;
  }
  if (!*k) {
    return grus_fail(message,
                     GRUS_ERR_BAD_ARG,
                     "there are no kernels \"%.32s\" for this processor",
                     name);
  }

  *kernels = *k;
  return GRUS_SUCCESS;
}

/// Numbers in the arrays of one cell, or false if they are too many
static bool
cell_elements(const GrusGru* const gru, const size_t in, size_t* const n)
{
  // Both matrices and two biases, all with padded columns
  return grus_size_add(in, gru->config.hidden_size, n) &&
         grus_size_add(*n, 2U, n) && grus_size_multiply(*n, 3U, n) &&
         grus_size_multiply(*n, gru->hidden, n);
}

/// Columns of the input of a layer
static size_t
layer_input(const GrusGru* const gru, const size_t layer)
{
  return layer ? gru->n_directions * gru->config.hidden_size
               : gru->config.input_size;
}

/// Bytes of all weights, or false if they are too many
static bool
weights_size(const GrusGru* const gru, size_t* const n_bytes)
{
  size_t first = 0U;
  size_t rest  = 0U;
  return cell_elements(gru, layer_input(gru, 0U), &first) &&
         cell_elements(gru, layer_input(gru, 1U), &rest) &&
         grus_size_multiply(rest, gru->config.num_layers - 1U, &rest) &&
         grus_size_add(first, rest, n_bytes) &&
         grus_size_multiply(*n_bytes, gru->n_directions, n_bytes) &&
         grus_size_multiply(*n_bytes, gru->element_size, n_bytes) &&
         grus_size_add(*n_bytes, ALIGNMENT, n_bytes);
}

static char*
take(char** const at, const size_t n_bytes)
{
  char* const taken = *at;
  *at += n_bytes;
  return taken;
}

/// Hand out the memory to the cells
static void
place_cells(GrusGru* const gru)
{
  const size_t row = 3U * gru->hidden * gru->element_size;
  const size_t n   = gru->config.num_layers * gru->n_directions;
  char*        at  = (char*)gru->memory;
  at += (ALIGNMENT - ((uintptr_t)at % ALIGNMENT)) % ALIGNMENT;
  for (size_t i = 0U; i < n; ++i) {
    GrusCell* const cell = &gru->cells[i];
    cell->in             = layer_input(gru, i / gru->n_directions);
    cell->input_weights  = take(&at, cell->in * row);
    cell->hidden_weights = take(&at, gru->config.hidden_size * row);
    cell->input_bias     = take(&at, row);
    cell->hidden_bias    = take(&at, row);
  }
}

/// Allocate all weights; calloc, so that huge ones cost nothing before use
static GrusStatus
alloc_weights(GrusGru* const gru, GrusMessage* const message)
{
  size_t n_bytes = 0U;
  size_t n_cells = 0U;
  if (weights_size(gru, &n_bytes) &&
      grus_size_multiply(gru->config.num_layers, gru->n_directions, &n_cells)) {
    gru->memory = calloc(1U, n_bytes);
    gru->cells =
      gru->memory ? (GrusCell*)calloc(n_cells, sizeof(GrusCell)) : NULL;
  }
  if (!gru->memory || !gru->cells) {
    return grus_fail(message,
                     GRUS_ERR_NO_MEM,
                     "no memory for the weights of a GRU(%" PRIu32 ", %" PRIu32
                     ", num_layers=%" PRIu32 ")",
                     gru->config.input_size,
                     gru->config.hidden_size,
                     gru->config.num_layers);
  }

  place_cells(gru);
  return GRUS_SUCCESS;
}

GrusStatus
grus_gru_new(const GrusGruConfig* const config,
             GrusGru** const            gru,
             GrusMessage* const         message)
{
  const GrusKernels* kernels = NULL;
  GrusStatus         st      = check_config(config, message);
  if (st || (st = find_kernels(config, &kernels, message))) {
    return st;
  }

  GrusGru* const g = (GrusGru*)calloc(1U, sizeof(GrusGru));
  if (!g) {
    return grus_fail(message, GRUS_ERR_NO_MEM, "no memory for a GRU");
  }

  g->config  = *config;
  g->kernels = kernels;
  g->element_size =
    config->dtype == GRUS_FLOAT64 ? sizeof(double) : sizeof(float);
  g->n_directions = config->bidirectional ? 2U : 1U;
  g->hidden       = grus_pad(config->hidden_size);
  // NOLINTBEGIN(clang-analyzer-core.NullDereference): find_kernels() has set it
  g->config.kernels =
    config->dtype == GRUS_FLOAT64 ? kernels_f64 : kernels->name;
  // NOLINTEND(clang-analyzer-core.NullDereference)
  if ((st = alloc_weights(g, message))) {
    grus_gru_free(g);
    return st;
  }

  *gru = g;
  return GRUS_SUCCESS;
}

void
grus_gru_free(GrusGru* const gru)
{
  if (gru) {
    free(gru->cells);
    free(gru->memory);
    free(gru);
  }
}

const GrusGruConfig*
grus_gru_config(const GrusGru* const gru)
{
  return &gru->config;
}

void
grus_gru_set_training(GrusGru* const gru, const bool training)
{
  gru->training = training;
}

bool
grus_gru_training(const GrusGru* const gru)
{
  return gru->training;
}

void
grus_gru_seed(GrusGru* const gru, const uint64_t seed)
{
  gru->random = seed;
}

static GrusStatus
check_input(const GrusGru* const     gru,
            const GrusShape* const   input,
            const GrusPacking* const packing,
            GrusMessage* const       message)
{
  if (input->n_dims != 2U && (packing || input->n_dims != 3U)) {
    return grus_fail(message,
                     GRUS_ERR_BAD_ARG,
                     "expected an input of %s dimensions, got %" PRIu32,
                     packing ? "2 (packed)" : "2 or 3",
                     input->n_dims);
  }

  const size_t n_features = input->sizes[input->n_dims - 1U];
  if (n_features != gru->config.input_size) {
    return grus_fail(message,
                     GRUS_ERR_BAD_ARG,
                     "expected %" PRIu32
                     " features in the input's last dimension, got %zu",
                     gru->config.input_size,
                     n_features);
  }

  return packing ? grus_check_packing(packing, input->sizes[0], message)
                 : GRUS_SUCCESS;
}

/// Return the steps of an input that check_input() likes
static GrusSteps
steps_of(const GrusGru* const     gru,
         const GrusShape* const   input,
         const GrusPacking* const packing)
{
  GrusSteps steps = {input->sizes[0], 1U, input->sizes[0], NULL};
  if (packing) {
    steps.n_steps     = packing->n_steps;
    steps.batch       = (size_t)packing->batch_sizes[0];
    steps.batch_sizes = packing->batch_sizes;
  } else if (input->n_dims == 3U) {
    steps.n_steps = input->sizes[gru->config.batch_first ? 1U : 0U];
    steps.batch   = input->sizes[gru->config.batch_first ? 0U : 1U];
  }

  return steps;
}

/// Check that input, output and states can be objects at all
static GrusStatus
check_sizes(const GrusGru* const   gru,
            const GrusShape* const input,
            GrusSteps* const       steps,
            const size_t           columns,
            GrusMessage* const     message)
{
  const size_t width = 3U * gru->hidden * gru->element_size;
  size_t       n     = 0U;
  if (!steps->n_steps) {
    return grus_fail(
      message, GRUS_ERR_BAD_ARG, "expected a sequence of at least 1 step");
  }
  if (!grus_shape_elements(input, &n) ||
      !grus_size_multiply(n, gru->element_size, &n) ||
      (!steps->batch_sizes &&
       !grus_size_multiply(steps->n_steps, steps->batch, &steps->n_rows)) ||
      !grus_size_multiply(steps->n_rows, columns * gru->element_size, &n) ||
      !grus_size_multiply(steps->batch, width, &n) ||
      !grus_size_multiply(
        steps->batch, (size_t)2U * gru->config.num_layers, &n) ||
      !grus_size_multiply(n, width, &n)) {
    return grus_fail(message,
                     GRUS_ERR_BAD_ARG,
                     "an input of shape %s is too large",
                     grus_shape_text(input).text);
  }

  return GRUS_SUCCESS;
}

/// Check an input, tell its steps and the shapes of the results
static GrusStatus
plan(const GrusGru* const     gru,
     const GrusShape* const   input,
     const GrusPacking* const packing,
     GrusSteps* const         steps,
     GrusShape* const         results, // output, h_n
     GrusMessage* const       message)
{
  const size_t columns = gru->n_directions * gru->config.hidden_size;
  const size_t states  = gru->n_directions * gru->config.num_layers;
  GrusStatus   st      = check_input(gru, input, packing, message);
  if (st) {
    return st;
  }

  *steps = steps_of(gru, input, packing);
  if ((st = check_sizes(gru, input, steps, columns, message))) {
    return st;
  }

  const GrusShape single  = {2U, {states, gru->config.hidden_size, 0U}};
  const GrusShape batched = {3U,
                             {states, steps->batch, gru->config.hidden_size}};
  results[0]              = *input;
  results[0].sizes[input->n_dims - 1U] = columns;
  results[1] = packing || input->n_dims == 3U ? batched : single;
  return GRUS_SUCCESS;
}

GrusStatus
grus_gru_shapes(const GrusGru* const     gru,
                const GrusShape* const   input,
                const GrusPacking* const packing,
                GrusShape* const         output,
                GrusShape* const         h_n,
                GrusMessage* const       message)
{
  GrusSteps        steps      = {0U, 0U, 0U, NULL};
  GrusShape        results[2] = {{0U, {0U, 0U, 0U}}, {0U, {0U, 0U, 0U}}};
  const GrusStatus st = plan(gru, input, packing, &steps, results, message);
  if (!st) {
    *output = results[0];
    *h_n    = results[1];
  }

  return st;
}

static GrusStatus
check_result(const char* const      name,
             const void* const      data,
             const size_t           size,
             const GrusShape* const shape,
             GrusMessage* const     message)
{
  size_t n = 0U;
  if (!grus_shape_elements(shape, &n) || size != n || (n && !data)) {
    return grus_fail(message,
                     GRUS_ERR_BAD_ARG,
                     "expected room for %zu numbers in %s, shape %s, got %zu",
                     n,
                     name,
                     grus_shape_text(shape).text,
                     data ? size : 0U);
  }

  return GRUS_SUCCESS;
}

/// Check what a call brings beside the shape of its input
static GrusStatus
check_call(const GrusGruCall* const call,
           const GrusShape* const   results,
           const size_t             n_rows,
           GrusMessage* const       message)
{
  if (!call->input && n_rows) {
    return grus_fail(message, GRUS_ERR_BAD_ARG, "there is no input");
  }
  if (call->h_0 && !grus_shape_equal(&call->h_0_shape, &results[1])) {
    return grus_fail(message,
                     GRUS_ERR_BAD_ARG,
                     "expected h_0 of shape %s, got %s",
                     grus_shape_text(&results[1]).text,
                     grus_shape_text(&call->h_0_shape).text);
  }

  const GrusStatus st = check_result(
    "output", call->output, call->output_size, &results[0], message);
  return st ? st
            : check_result(
                "h_n", call->h_n, call->h_n_size, &results[1], message);
}

GrusStatus
grus_gru_forward(GrusGru* const           gru,
                 const GrusGruCall* const call,
                 GrusMessage* const       message)
{
  GrusGruRun run        = {{0U, 0U, 0U, NULL}, false, call};
  GrusShape  results[2] = {{0U, {0U, 0U, 0U}}, {0U, {0U, 0U, 0U}}};
  GrusStatus st =
    plan(gru, &call->input_shape, call->packing, &run.steps, results, message);
  if (st || (st = check_call(call, results, run.steps.n_rows, message)) ||
      !run.steps.batch) {
    return st;
  }

  run.batch_first =
    gru->config.batch_first && run.steps.batch > 1U && !run.steps.batch_sizes;
  st = gru->config.dtype == GRUS_FLOAT64 ? grus_gru_run_f64(gru, &run)
                                         : grus_gru_run_f32(gru, &run);
  return st ? grus_fail(message, st, "no memory to run the GRU") : st;
}
