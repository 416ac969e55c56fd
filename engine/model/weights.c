// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "model/weights.h"

#include "base/arena.h"
#include "base/message.h"
#include "format/safetensors.h"
#include "kernels/gru_layout.h"
#include "kernels/kernels.h"
#include "model/model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/**
   Runs twice over the same code: while the arena measures, shapes are checked
   and nothing is written; then the arrays are handed out and filled.
*/
typedef struct {
  GrusModel*             model;
  const GrusSafetensors* file;
  GrusArena              arena;
  GrusStatus             status; ///< First failure
  GrusMessage*           message;
} Packer;

enum { MAX_SECONDS_OF_TEST = 10 };

static void
fail_tensor(Packer* const     p,
            const GrusStatus  st,
            const char* const text,
            const char* const name)
{
  if (!p->status) {
    p->status = grus_fail(p->message, st, "tensor \"%.96s\" %s", name, text);
  }
}

/// Write a shape like [96, 32]
static void
print_shape(char* const           text,
            const size_t          size,
            const uint64_t* const shape,
            const uint32_t        n_dims)
{
  size_t used = (size_t)snprintf(text, size, "[");
  for (uint32_t i = 0U; i < n_dims && i < GRUS_MAX_DIMS && used < size; ++i) {
    used += (size_t)snprintf(text + used,
                             size - used,
                             i ? ", %llu" : "%llu",
                             (unsigned long long)shape[i]);
  }
  if (used < size) {
    snprintf(text + used, size - used, n_dims > GRUS_MAX_DIMS ? ", ...]" : "]");
  }
}

static bool
has_shape(const GrusTensor* const tensor,
          const uint64_t* const   shape,
          const uint32_t          n_dims)
{
  bool same = tensor->n_dims == n_dims;
  for (uint32_t i = 0U; i < n_dims && same; ++i) {
    same = tensor->shape[i] == shape[i];
  }

  return same;
}

/// Return whether numbers can be read out of a tensor, or keep the failure
static bool
holds_floats(Packer* const p, const GrusTensor* const tensor)
{
  GrusMessage      message;
  const GrusStatus st = grus_tensor_check_floats(tensor, &message);
  if (st && !p->status) {
    p->status = grus_fail(p->message, st, "%s", message.text);
  }
  return !st;
}

/// Return a tensor of exactly this shape, or null and keep the failure
static const GrusTensor*
want(Packer* const         p,
     const char* const     name,
     const uint64_t* const shape,
     const uint32_t        n_dims)
{
  const GrusTensor* const tensor = grus_safetensors_find(p->file, name);
  if (!tensor) {
    fail_tensor(p, GRUS_ERR_BAD_FORMAT, "is not in the file", name);
    return NULL;
  }

  if (!holds_floats(p, tensor)) {
    return NULL;
  }
  if (!has_shape(tensor, shape, n_dims)) {
    char is[48];
    char expected[48];
    char text[128];
    print_shape(is, sizeof(is), tensor->shape, tensor->n_dims);
    print_shape(expected, sizeof(expected), shape, n_dims);
    snprintf(text, sizeof(text), "has shape %s, expected %s", is, expected);
    fail_tensor(p, GRUS_ERR_BAD_FORMAT, text, name);
    return NULL;
  }

  if (!p->arena.base) {
    p->model->info.n_parameters += tensor->n_elements;
  }
  return tensor;
}

/// Return the tensor `prefix`.`suffix` of a layer, as want() does
static const GrusTensor*
want_of_layer(Packer* const          p,
              const GrusLayer* const layer,
              const char* const      suffix,
              const uint64_t* const  shape,
              const uint32_t         n_dims)
{
  char      name[256];
  const int n = snprintf(name,
                         sizeof(name),
                         "%s%s%s",
                         layer->tensors,
                         *layer->tensors ? "." : "",
                         suffix);
  if (n < 0 || (size_t)n >= sizeof(name)) {
    fail_tensor(p, GRUS_ERR_BAD_FORMAT, "has too long a name", suffix);
    return NULL;
  }

  return want(p, name, shape, n_dims);
}

static void
check_finite(Packer* const p, const GrusTensor* const tensor, const bool finite)
{
  if (!finite) {
    fail_tensor(p,
                GRUS_ERR_BAD_FORMAT,
                "holds a number that is not finite",
                tensor->name);
  }
}

/// Copy `n` elements
static void
fill_vector(Packer* const           p,
            const GrusTensor* const tensor,
            const uint64_t          first,
            const size_t            n,
            float* const            out)
{
  if (tensor && out) {
    check_finite(p, tensor, grus_tensor_read(tensor, first, n, out));
  }
}

/// Copy a matrix of (n_out, n_in) elements, transposed into rows of `stride`
static void
fill_matrix(Packer* const           p,
            const GrusTensor* const tensor,
            const uint64_t          first,
            const size_t            n_out,
            const size_t            n_in,
            float* const            out,
            const size_t            stride)
{
  bool finite = true;
  for (size_t o = 0U; tensor && out && o < n_out; ++o) {
    for (size_t i = 0U; i < n_in; ++i) {
      finite = grus_tensor_read(
                 tensor, first + (o * n_in) + i, 1U, out + (i * stride) + o) &&
               finite;
    }
  }
  if (tensor) {
    check_finite(p, tensor, finite);
  }
}

static void
pack_linear(Packer* const p, GrusLayer* const layer)
{
  const size_t   in       = layer->u.linear.in;
  const size_t   out      = layer->n_cols;
  const size_t   padded   = grus_pad(out);
  const size_t   stride   = out == 1U ? 1U : padded;
  const uint64_t shape[2] = {out, in};

  float* const w = grus_arena_take(&p->arena, in * stride);
  float* const b = grus_arena_take(&p->arena, padded);
  fill_matrix(
    p, want_of_layer(p, layer, "weight", shape, 2U), 0U, out, in, w, stride);
  if (layer->u.linear.has_bias) {
    fill_vector(p, want_of_layer(p, layer, "bias", shape, 1U), 0U, out, b);
  }

  layer->u.linear.weights = w;
  layer->u.linear.bias    = b;
}

/// Matrices of a group's bands, one after the other
static void
pack_group(Packer* const          p,
           const GrusLayer* const layer,
           const uint32_t         group,
           const size_t           in,
           const size_t           out)
{
  const size_t   n        = layer->u.band.bands.groups[group].count;
  const size_t   padded   = grus_pad(out);
  const uint64_t shape[3] = {n, out, in};

  char weight_name[24];
  snprintf(weight_name, sizeof(weight_name), "%u.weight", group);
  const GrusTensor* const weight =
    want_of_layer(p, layer, weight_name, shape, 3U);
  float* const w = grus_arena_take(&p->arena, n * in * padded);
  for (size_t i = 0U; weight && w && i < n; ++i) {
    fill_matrix(
      p, weight, i * out * in, out, in, w + (i * in * padded), padded);
  }
}

static void
pack_group_bias(Packer* const          p,
                const GrusLayer* const layer,
                const uint32_t         group,
                const size_t           out)
{
  const size_t   n        = layer->u.band.bands.groups[group].count;
  const size_t   padded   = grus_pad(out);
  const uint64_t shape[2] = {n, out};

  char bias_name[24];
  snprintf(bias_name, sizeof(bias_name), "%u.bias", group);
  const GrusTensor* const bias = want_of_layer(p, layer, bias_name, shape, 2U);
  float* const            b    = grus_arena_take(&p->arena, n * padded);
  for (size_t i = 0U; bias && b && i < n; ++i) {
    fill_vector(p, bias, i * out, out, b + (i * padded));
  }
}

/// What comes next in the arena, null while measuring
static const float*
next_array(const Packer* const p)
{
  return p->arena.base ? p->arena.base + p->arena.used : NULL;
}

static void
pack_bands(Packer* const p, GrusLayer* const layer)
{
  const GrusBands* const bands   = &layer->u.band.bands;
  const bool             encodes = layer->type == GRUS_LAYER_SPECTRUM_LINEAR;

  layer->u.band.weights = next_array(p);
  for (uint32_t g = 0U; g < bands->n_groups; ++g) {
    const size_t width = bands->groups[g].width;
    pack_group(p,
               layer,
               g,
               encodes ? 3U * width : layer->u.band.in,
               encodes ? layer->n_cols : 2U * width);
  }

  layer->u.band.bias = next_array(p);
  for (uint32_t g = 0U; g < bands->n_groups; ++g) {
    const size_t width = bands->groups[g].width;
    pack_group_bias(p, layer, g, encodes ? layer->n_cols : 2U * width);
  }
}

/// A tensor on its way into a packed matrix
typedef struct {
  const GrusTensor* tensor;
  float*            out;
  bool              finite; ///< Whether all numbers so far were
} Gates;

static void
read_gate(void* const context, const size_t index, const size_t packed)
{
  Gates* const gates = (Gates*)context;
  gates->finite =
    grus_tensor_read(gates->tensor, index, 1U, gates->out + packed) &&
    gates->finite;
}

/// One tensor of a GRU: a matrix of `in` columns, or a bias without any
static void
pack_gates(Packer* const          p,
           const GrusLayer* const layer,
           const char* const      name,
           const size_t           in,
           float* const           out,
           const size_t           stride)
{
  const size_t        hidden   = layer->u.gru.hidden;
  const uint64_t      shape[2] = {3U * hidden, in};
  const GrusGruMatrix matrix   = {hidden, in ? in : 1U, stride};

  Gates gates = {want_of_layer(p, layer, name, shape, in ? 2U : 1U), out, true};
  if (gates.tensor && out) {
    grus_gru_pack(matrix, read_gate, &gates);
    check_finite(p, gates.tensor, gates.finite);
  }
}

static float*
offset(float* const array, const size_t n)
{
  return array ? array + n : NULL;
}

static void
pack_gru_layer(Packer* const p, GrusLayer* const layer, const uint32_t index)
{
  GrusGruWeights* const weights = &layer->u.gru.layers[index];
  const size_t          hidden  = layer->u.gru.hidden;
  const size_t          gates   = grus_gru_columns(hidden);
  const size_t          n       = layer->u.gru.bidirectional ? 2U : 1U;

  float* const wi = grus_arena_take(&p->arena, weights->in * n * gates);
  float* const bi = grus_arena_take(&p->arena, n * gates);
  float* const wh = grus_arena_take(&p->arena, n * hidden * gates);
  float* const bh = grus_arena_take(&p->arena, n * gates);
  for (size_t d = 0U; d < n; ++d) {
    const char* const suffix = d ? "_reverse" : "";
    char              name[48];
    snprintf(name, sizeof(name), "weight_ih_l%u%s", index, suffix);
    pack_gates(p, layer, name, weights->in, offset(wi, d * gates), n * gates);
    snprintf(name, sizeof(name), "weight_hh_l%u%s", index, suffix);
    pack_gates(p, layer, name, hidden, offset(wh, d * hidden * gates), gates);
    if (layer->u.gru.has_bias) {
      snprintf(name, sizeof(name), "bias_ih_l%u%s", index, suffix);
      pack_gates(p, layer, name, 0U, offset(bi, d * gates), 0U);
      snprintf(name, sizeof(name), "bias_hh_l%u%s", index, suffix);
      pack_gates(p, layer, name, 0U, offset(bh, d * gates), 0U);
    }
  }

  weights->input_weights  = wi;
  weights->input_bias     = bi;
  weights->hidden_weights = wh;
  weights->hidden_bias    = bh;
}

static void
pack_layer_norm(Packer* const p, GrusLayer* const layer)
{
  const size_t   size     = layer->n_cols;
  const uint64_t shape[1] = {size};

  float* const gain = grus_arena_take(&p->arena, size);
  float* const bias = grus_arena_take(&p->arena, size);
  fill_vector(p, want_of_layer(p, layer, "weight", shape, 1U), 0U, size, gain);
  fill_vector(p, want_of_layer(p, layer, "bias", shape, 1U), 0U, size, bias);
  layer->u.norm.gain = gain;
  layer->u.norm.bias = bias;
}

static void
pack_layer(Packer* const p, GrusLayer* const layer)
{
  switch (layer->type) {
  case GRUS_LAYER_SPECTRUM_LINEAR:
  case GRUS_LAYER_BAND_LINEAR:
    pack_bands(p, layer);
    return;
  case GRUS_LAYER_LINEAR:
    pack_linear(p, layer);
    return;
  case GRUS_LAYER_GRU:
    for (uint32_t i = 0U; i < layer->u.gru.n_layers; ++i) {
      pack_gru_layer(p, layer, i);
    }
    return;
  case GRUS_LAYER_LAYER_NORM:
    pack_layer_norm(p, layer);
    return;
  case GRUS_LAYER_BAND_ENERGY:
  case GRUS_LAYER_ACTIVATION:
  case GRUS_LAYER_FLATTEN:
  case GRUS_LAYER_CONCAT:
    return;
  }
}

static void
pack_all(Packer* const p)
{
  for (uint32_t i = 0U; i < p->model->n_layers && !p->status; ++i) {
    pack_layer(p, &p->model->layers[i]);
  }
}

/// Check one tensor of the test vector and return its length
static uint64_t
test_length(Packer* const p, const char* const name)
{
  const GrusTensor* const tensor = grus_safetensors_find(p->file, name);
  const uint64_t          most =
    (uint64_t)MAX_SECONDS_OF_TEST * p->model->info.sample_rate;
  if (!tensor) {
    fail_tensor(p, GRUS_ERR_BAD_FORMAT, "is not in the file", name);
  } else if (holds_floats(p, tensor) &&
             (tensor->n_dims != 1U || !tensor->n_elements ||
              tensor->n_elements > most)) {
    fail_tensor(p,
                GRUS_ERR_BAD_FORMAT,
                "is not a test signal of at most 10 seconds",
                name);
  }

  return p->status || !tensor ? 0U : tensor->n_elements;
}

static void
read_test(Packer* const p)
{
  GrusModel* const  model  = p->model;
  const char* const input  = model->test_input_name;
  const char* const output = model->test_output_name;
  const uint64_t    n      = test_length(p, input);
  if (test_length(p, output) != n) {
    fail_tensor(
      p, GRUS_ERR_BAD_FORMAT, "is not as long as the test input", output);
  }
  if (p->status) {
    return;
  }

  model->info.test_samples = (uint32_t)n;
  // NOLINTBEGIN(clang-analyzer-optin.portability.UnixAPI): n is not 0
  model->test_input  = (float*)calloc(n, sizeof(float));
  model->test_output = (float*)calloc(n, sizeof(float));
  // NOLINTEND(clang-analyzer-optin.portability.UnixAPI)
  if (!model->test_input || !model->test_output) {
    p->status =
      grus_fail(p->message, GRUS_ERR_NO_MEM, "no memory for the test vector");
    return;
  }

  fill_vector(
    p, grus_safetensors_find(p->file, input), 0U, n, model->test_input);
  fill_vector(
    p, grus_safetensors_find(p->file, output), 0U, n, model->test_output);
}

GrusStatus
grus_weights_read(GrusModel* const             model,
                  const GrusSafetensors* const file,
                  const size_t                 most_bytes,
                  GrusMessage* const           message)
{
  Packer p = {model, file, {NULL, 0U}, GRUS_SUCCESS, message};

  pack_all(&p);
  if (!p.status && model->info.has_self_test) {
    read_test(&p);
  }

  const GrusTensor* const unused = grus_safetensors_unused(file);
  if (unused) {
    fail_tensor(&p, GRUS_ERR_BAD_FORMAT, "belongs to no layer", unused->name);
  }
  if (!p.status && p.arena.used > most_bytes / sizeof(float)) {
    p.status = grus_fail(message,
                         GRUS_ERR_UNSUPPORTED,
                         "layers that share tensors take more than the %zu "
                         "bytes that a file of this size may",
                         most_bytes);
  }
  if (!p.status && !grus_arena_alloc(&p.arena)) {
    p.status = grus_fail(message, GRUS_ERR_NO_MEM, "no memory for the weights");
  }

  model->arena = p.arena.base;
  if (!p.status) {
    pack_all(&p);
  }
  return p.status;
}
