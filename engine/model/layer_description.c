// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "model/layer_description.h"

#include "format/fields.h"
#include "model/bands.h"
#include "model/model.h"

#include <jansson.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// One type of layer, as the reader knows it
typedef struct {
  const char* name;
  const char* fields[8]; ///< Beside those of every layer, null-terminated
  bool        in_sample_networks;
  bool        reads_spectrum; ///< Else it reads rows of another layer
  void (*read)(GrusModel*, GrusFields*, GrusLayer*);
} LayerType;

/// Shape of what a layer reads; one column of samples from that front end
typedef struct {
  uint32_t n_rows;
  uint32_t n_cols;
} Shape;

static Shape
shape_of(const GrusModel* const model, const uint32_t layer)
{
  const Shape samples = {1U, 1U};
  if (layer == GRUS_INPUT_FRONT_END) {
    return samples;
  }

  const Shape shape = {model->layers[layer].n_rows,
                       model->layers[layer].n_cols};
  return shape;
}

uint32_t
grus_layer_find(const GrusModel* const model,
                GrusFields* const      fields,
                const uint32_t         n,
                const char* const      name)
{
  for (uint32_t i = 0U; i < n; ++i) {
    if (!strcmp(model->layers[i].name, name)) {
      return i;
    }
  }

  grus_fields_fail(
    fields, GRUS_ERR_BAD_FORMAT, "there is no earlier layer \"%.48s\"", name);
  return 0U;
}

/// Check that a field agrees with the columns that the layer reads
static void
check_columns(GrusFields* const fields,
              const char* const key,
              const uint32_t    value,
              const uint32_t    n_cols)
{
  if (!fields->status && value != n_cols) {
    grus_fields_fail(fields,
                     GRUS_ERR_BAD_FORMAT,
                     "field \"%s\" is %u, but the layer reads %u columns",
                     key,
                     value,
                     n_cols);
  }
}

static void
read_spectrum_linear(GrusModel* const  model,
                     GrusFields* const f,
                     GrusLayer* const  layer)
{
  grus_bands_read(model, f, &layer->u.band.bands);
  layer->n_rows = layer->u.band.bands.n_bands;
  layer->n_cols = grus_fields_u32(f, "out", 1U, GRUS_MAX_WIDTH);
}

static void
read_band_energy(GrusModel* const  model,
                 GrusFields* const f,
                 GrusLayer* const  layer)
{
  grus_bands_read(model, f, &layer->u.energy.bands);
  layer->n_rows = 1U;
  layer->n_cols = layer->u.energy.bands.n_bands;
  if (layer->n_cols > GRUS_MAX_WIDTH) {
    grus_fields_fail(f, GRUS_ERR_BAD_FORMAT, "there are too many bands");
  }
}

static void
read_band_linear(GrusModel* const  model,
                 GrusFields* const f,
                 GrusLayer* const  layer)
{
  const Shape      input = shape_of(model, layer->input);
  GrusBands* const bands = &layer->u.band.bands;

  grus_bands_read(model, f, bands);
  layer->u.band.in = grus_fields_u32(f, "in", 1U, GRUS_MAX_WIDTH);
  check_columns(f, "in", layer->u.band.in, input.n_cols);
  layer->n_rows = bands->n_bands;
  for (uint32_t g = 0U; g < bands->n_groups; ++g) {
    const uint32_t out = 2U * bands->groups[g].width;
    layer->n_cols      = out > layer->n_cols ? out : layer->n_cols;
  }
  if (!f->status && bands->n_bands != input.n_rows) {
    grus_fields_fail(f,
                     GRUS_ERR_BAD_FORMAT,
                     "there are %u bands, but the layer reads %u rows",
                     bands->n_bands,
                     input.n_rows);
  }
  if (layer->n_cols > GRUS_MAX_WIDTH) {
    grus_fields_fail(f, GRUS_ERR_BAD_FORMAT, "a band is too wide");
  }
}

static void
read_linear(GrusModel* const model, GrusFields* const f, GrusLayer* const layer)
{
  const Shape input = shape_of(model, layer->input);

  layer->u.linear.in       = grus_fields_u32(f, "in", 1U, GRUS_MAX_WIDTH);
  layer->u.linear.has_bias = grus_fields_bool(f, "bias");
  check_columns(f, "in", layer->u.linear.in, input.n_cols);
  layer->n_rows = input.n_rows;
  layer->n_cols = grus_fields_u32(f, "out", 1U, GRUS_MAX_WIDTH);
}

static void
read_gru(GrusModel* const model, GrusFields* const f, GrusLayer* const layer)
{
  const Shape       input = shape_of(model, layer->input);
  const char* const axis  = grus_fields_text(f, "axis");
  const uint32_t    in = grus_fields_u32(f, "input_size", 1U, GRUS_MAX_WIDTH);

  layer->u.gru.hidden = grus_fields_u32(f, "hidden_size", 1U, GRUS_MAX_WIDTH);
  layer->u.gru.n_layers =
    grus_fields_u32(f, "num_layers", 1U, GRUS_MAX_GRU_LAYERS);
  layer->u.gru.has_bias      = grus_fields_bool(f, "bias");
  layer->u.gru.bidirectional = grus_fields_bool(f, "bidirectional");
  layer->u.gru.over_bands    = !strcmp(axis, "bands");
  check_columns(f, "input_size", in, input.n_cols);

  const uint32_t directions = layer->u.gru.bidirectional ? 2U : 1U;
  layer->n_rows             = input.n_rows;
  layer->n_cols             = directions * layer->u.gru.hidden;
  for (uint32_t i = 0U; i < layer->u.gru.n_layers; ++i) {
    layer->u.gru.layers[i].in = i ? layer->n_cols : in;
  }

  if (!layer->u.gru.over_bands && strcmp(axis, "time") != 0) {
    grus_fields_fail(
      f, GRUS_ERR_UNSUPPORTED, "\"axis\" is neither time nor bands");
  }
  if (!layer->u.gru.over_bands && layer->u.gru.bidirectional) {
    grus_fields_fail(f,
                     GRUS_ERR_UNSUPPORTED,
                     "a bidirectional GRU over time needs the future, which a "
                     "stream does not have");
  }
  if (layer->u.gru.over_bands && model->info.kind == GRUS_KIND_SAMPLE) {
    grus_fields_fail(
      f, GRUS_ERR_UNSUPPORTED, "a network of samples has no bands");
  }
}

static void
read_layer_norm(GrusModel* const  model,
                GrusFields* const f,
                GrusLayer* const  layer)
{
  const Shape    input = shape_of(model, layer->input);
  const uint32_t size  = grus_fields_u32(f, "size", 1U, GRUS_MAX_WIDTH);

  check_columns(f, "size", size, input.n_cols);
  layer->u.norm.eps = grus_fields_float(f, "eps", 1e-12, 1.0);
  layer->n_rows     = input.n_rows;
  layer->n_cols     = input.n_cols;
}

static void
read_activation(GrusModel* const  model,
                GrusFields* const f,
                GrusLayer* const  layer)
{
  static const char* const names[] = {"sigmoid", "tanh", "relu"};

  const Shape       input    = shape_of(model, layer->input);
  const char* const function = grus_fields_text(f, "function");
  unsigned          i        = 0U;
  while (i < 3U && strcmp(function, names[i]) != 0) {
    ++i;
  }
  if (i == 3U) {
    grus_fields_fail(
      f, GRUS_ERR_UNSUPPORTED, "\"function\" is not sigmoid, tanh or relu");
  }

  layer->u.activation.function = (GrusActivation)(i % 3U);
  layer->n_rows                = input.n_rows;
  layer->n_cols                = input.n_cols;
}

static void
read_flatten(GrusModel* const  model,
             GrusFields* const f,
             GrusLayer* const  layer)
{
  const Shape    input = shape_of(model, layer->input);
  const uint64_t n     = (uint64_t)input.n_rows * input.n_cols;
  if (n > GRUS_MAX_WIDTH) {
    grus_fields_fail(f,
                     GRUS_ERR_BAD_FORMAT,
                     "%u rows of %u columns are too many for one row",
                     input.n_rows,
                     input.n_cols);
  }

  layer->n_rows = 1U;
  layer->n_cols = (uint32_t)(n % (GRUS_MAX_WIDTH + 1U));
}

static void
read_concat(GrusModel* const model, GrusFields* const f, GrusLayer* const layer)
{
  const json_t* const list = grus_fields_array(f, "inputs");
  const size_t        n    = json_array_size(list);
  if (!n || n > GRUS_MAX_INPUTS) {
    grus_fields_fail(f,
                     GRUS_ERR_BAD_FORMAT,
                     "\"inputs\" has %zu names, not 1 to %d",
                     n,
                     GRUS_MAX_INPUTS);
  }
  for (size_t i = 0U; i < n && !f->status; ++i) {
    const char* const name = json_string_value(json_array_get(list, i));
    const uint32_t    input =
      grus_layer_find(model, f, model->n_layers, name ? name : "");
    const Shape shape = f->status ? (Shape){0U, 0U} : shape_of(model, input);

    layer->u.concat.inputs[layer->u.concat.n_inputs++] = input;
    layer->n_cols += shape.n_cols;
    layer->n_rows = shape.n_rows;
    layer->input  = layer->u.concat.inputs[0];
    if (!f->status && shape.n_rows != shape_of(model, layer->input).n_rows) {
      grus_fields_fail(
        f, GRUS_ERR_BAD_FORMAT, "\"inputs\" have different numbers of rows");
    }
  }
  if (layer->n_cols > GRUS_MAX_WIDTH) {
    grus_fields_fail(f, GRUS_ERR_BAD_FORMAT, "there are too many columns");
  }
}

static const LayerType types[] = {
  [GRUS_LAYER_SPECTRUM_LINEAR] = {"spectrum_linear",
                                  {"tensors", "first_bin", "bands", "out"},
                                  false,
                                  true,
                                  read_spectrum_linear},
  [GRUS_LAYER_BAND_ENERGY] =
    {"band_energy", {"first_bin", "bands"}, false, true, read_band_energy},
  [GRUS_LAYER_BAND_LINEAR] = {"band_linear",
                              {"tensors", "first_bin", "bands", "in"},
                              false,
                              false,
                              read_band_linear},
  [GRUS_LAYER_LINEAR] =
    {"linear", {"tensors", "in", "out", "bias"}, true, false, read_linear},
  [GRUS_LAYER_GRU] = {"gru",
                      {"tensors",
                       "axis",
                       "input_size",
                       "hidden_size",
                       "num_layers",
                       "bias",
                       "bidirectional"},
                      true,
                      false,
                      read_gru},
  [GRUS_LAYER_LAYER_NORM] =
    {"layer_norm", {"tensors", "size", "eps"}, true, false, read_layer_norm},
  [GRUS_LAYER_ACTIVATION] =
    {"activation", {"function"}, true, false, read_activation},
  [GRUS_LAYER_FLATTEN] = {"flatten", {NULL}, false, false, read_flatten},
  [GRUS_LAYER_CONCAT]  = {"concat", {"inputs"}, true, false, read_concat},
};

enum { N_TYPES = sizeof(types) / sizeof(types[0]) };

const char*
grus_layer_type_name(const GrusLayerType type)
{
  return types[type].name;
}

static const LayerType*
read_type(GrusFields* const f, GrusLayer* const layer)
{
  const char* const name = grus_fields_text(f, "type");
  for (unsigned i = 0U; i < N_TYPES && !f->status; ++i) {
    if (!strcmp(types[i].name, name)) {
      layer->type = (GrusLayerType)i;
      return &types[i];
    }
  }

  grus_fields_fail(
    f, GRUS_ERR_UNSUPPORTED, "there is no type \"%.32s\" of layers", name);
  return NULL;
}

static void
check_keys(GrusFields* const f, const LayerType* const type)
{
  const char* known[13] = {"name", "type", "input", "add"};
  for (size_t i = 0U; i < 8U && type->fields[i]; ++i) {
    known[4U + i] = type->fields[i];
  }

  grus_fields_check_keys(f, known);
}

/// Resolve what the layer reads
static void
read_input(const GrusModel* const model,
           GrusFields* const      f,
           GrusLayer* const       layer,
           const LayerType* const type)
{
  const bool  frames    = model->info.kind == GRUS_KIND_FRAME;
  const char* front_end = frames ? "spectrum" : "samples";

  layer->input = model->n_layers ? model->n_layers - 1U : GRUS_INPUT_FRONT_END;
  if (grus_fields_has(f, "input")) {
    const char* const name = grus_fields_text(f, "input");
    layer->input           = !strcmp(name, front_end)
                               ? GRUS_INPUT_FRONT_END
                               : grus_layer_find(model, f, model->n_layers, name);
  }

  const bool is_front_end = layer->input == GRUS_INPUT_FRONT_END;
  if (frames && type->reads_spectrum != is_front_end &&
      layer->type != GRUS_LAYER_CONCAT) {
    grus_fields_fail(f,
                     GRUS_ERR_BAD_FORMAT,
                     type->reads_spectrum
                       ? "this type reads the spectrum, not another layer"
                       : "this type reads another layer, not the spectrum");
  }
  if (!frames && is_front_end && layer->type != GRUS_LAYER_LINEAR &&
      layer->type != GRUS_LAYER_GRU && layer->type != GRUS_LAYER_CONCAT) {
    grus_fields_fail(
      f, GRUS_ERR_UNSUPPORTED, "only a linear or a gru can read the samples");
  }
}

static void
read_add(const GrusModel* const model,
         GrusFields* const      f,
         GrusLayer* const       layer)
{
  layer->add = GRUS_NO_LAYER;
  if (!f->status && grus_fields_has(f, "add")) {
    layer->add =
      grus_layer_find(model, f, model->n_layers, grus_fields_text(f, "add"));
    const Shape shape =
      f->status ? (Shape){0U, 0U} : shape_of(model, layer->add);
    if (!f->status &&
        (shape.n_rows != layer->n_rows || shape.n_cols != layer->n_cols)) {
      grus_fields_fail(f,
                       GRUS_ERR_BAD_FORMAT,
                       "\"add\" names %u rows of %u columns, but the layer "
                       "has %u of %u",
                       shape.n_rows,
                       shape.n_cols,
                       layer->n_rows,
                       layer->n_cols);
    }
  }
}

static void
read_name(const GrusModel* const model,
          GrusFields* const      f,
          GrusLayer* const       layer)
{
  layer->name = grus_fields_copy(f, grus_fields_text(f, "name"));
  if (f->status) {
    return;
  }

  grus_fields_enter(f, "layer \"%.48s\"", layer->name);
  for (uint32_t i = 0U; i < model->n_layers; ++i) {
    if (!strcmp(model->layers[i].name, layer->name)) {
      grus_fields_fail(
        f, GRUS_ERR_BAD_FORMAT, "another layer has the same name");
    }
  }
}

void
grus_layer_read(GrusModel* const model, GrusFields* const f)
{
  GrusLayer* const layer = &model->layers[model->n_layers];

  read_name(model, f, layer);
  const LayerType* const type = read_type(f, layer);
  if (type && !f->status) {
    check_keys(f, type);
    read_input(model, f, layer, type);
  }
  if (type && !f->status) {
    if (model->info.kind == GRUS_KIND_SAMPLE && !type->in_sample_networks) {
      grus_fields_fail(
        f, GRUS_ERR_UNSUPPORTED, "networks of samples have no %s", type->name);
    }
    if (type->fields[0] && !strcmp(type->fields[0], "tensors")) {
      layer->tensors = grus_fields_copy(f, grus_fields_text(f, "tensors"));
    }
    type->read(model, f, layer);
    read_add(model, f, layer);
    if ((uint64_t)layer->n_rows * layer->n_cols > GRUS_MAX_ELEMENTS) {
      grus_fields_fail(f,
                       GRUS_ERR_BAD_FORMAT,
                       "%u rows of %u columns are too many",
                       layer->n_rows,
                       layer->n_cols);
    }
  }

  ++model->n_layers; // Even if it failed, so that its texts are freed
}
