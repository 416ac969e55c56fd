// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "model/description.h"

#include "base/message.h"
#include "format/fields.h"
#include "format/json.h"
#include "grus/grus.h"
#include "model/bands.h"
#include "model/layer_description.h"
#include "model/model.h"

#include <jansson.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// Values of a description: those of the largest network many times over
enum { MAX_VALUES = 65536 };

static void
read_front_end(GrusModel* const model, GrusFields* const f)
{
  static const char* const known[] = {"window",
                                      "hop",
                                      "scale",
                                      "power",
                                      "log_floor",
                                      "log_scale",
                                      "log_offset",
                                      NULL};

  GrusFrontEnd* const e = &model->front_end;
  grus_fields_check_keys(f, known);
  e->window     = grus_fields_u32(f, "window", 4U, GRUS_MAX_WINDOW);
  e->hop        = grus_fields_u32(f, "hop", 2U, GRUS_MAX_WINDOW);
  e->scale      = grus_fields_float(f, "scale", 1e-6, 1e6);
  e->power      = grus_fields_float(f, "power", 0.05, 1.0);
  e->log_floor  = grus_fields_float(f, "log_floor", -30.0, 30.0);
  e->log_scale  = grus_fields_float(f, "log_scale", -100.0, 100.0);
  e->log_offset = grus_fields_float(f, "log_offset", -100.0, 100.0);
  if (!f->status && (e->window % 2U || e->window / 2U < e->hop)) {
    grus_fields_fail(f,
                     GRUS_ERR_UNSUPPORTED,
                     e->window % 2U ? "\"window\" is odd"
                                    : "\"window\" is less than twice \"hop\"");
  }
  if (!f->status && e->window > GRUS_MAX_OVERLAP * e->hop) {
    grus_fields_fail(f,
                     GRUS_ERR_UNSUPPORTED,
                     "\"window\" is more than %d times \"hop\"",
                     GRUS_MAX_OVERLAP);
  }
}

static void
check_no_overlap(GrusFields* const f, const GrusOutput* const output)
{
  const GrusBands* const m = &output->mask_bands;
  const GrusBands* const g = &output->gain_bands;
  if (m->n_bins && g->n_bins && m->first_bin < g->first_bin + g->n_bins &&
      g->first_bin < m->first_bin + m->n_bins) {
    grus_fields_fail(f, GRUS_ERR_BAD_FORMAT, "mask and gains overlap");
  }
}

static bool
same_bands(const GrusBands* const a, const GrusBands* const b)
{
  return a->first_bin == b->first_bin && a->n_groups == b->n_groups &&
         !memcmp(a->groups, b->groups, a->n_groups * sizeof(GrusBandGroup));
}

/// Enter the object under `key`, or return false if there is none
static bool
enter(GrusFields* const       f,
      const GrusFields* const parent,
      const char* const       key)
{
  static const char* const known[] = {"layer", "first_bin", "bands", NULL};

  if (f->status || !grus_fields_has(parent, key)) {
    return false;
  }

  f->object = json_object_get(parent->object, key);
  grus_fields_enter(f, "output \"%s\"", key);
  if (!json_is_object(f->object)) {
    grus_fields_fail(f, GRUS_ERR_BAD_FORMAT, "this is not an object");
    return false;
  }

  grus_fields_check_keys(f, known);
  return true;
}

static void
read_mask(GrusModel* const model, GrusFields* const f)
{
  GrusOutput* const output = &model->output;
  output->mask =
    grus_layer_find(model, f, model->n_layers, grus_fields_text(f, "layer"));
  grus_bands_read(model, f, &output->mask_bands);
  if (!f->status) {
    const GrusLayer* const layer = &model->layers[output->mask];
    if (layer->type != GRUS_LAYER_BAND_LINEAR ||
        !same_bands(&layer->u.band.bands, &output->mask_bands)) {
      grus_fields_fail(f,
                       GRUS_ERR_BAD_FORMAT,
                       "layer \"%.48s\" is not a band_linear of these bands",
                       layer->name);
    }
  }
}

static void
read_gains(GrusModel* const model, GrusFields* const f)
{
  GrusOutput* const output = &model->output;
  output->gains =
    grus_layer_find(model, f, model->n_layers, grus_fields_text(f, "layer"));
  grus_bands_read(model, f, &output->gain_bands);
  if (!f->status) {
    const GrusLayer* const layer = &model->layers[output->gains];
    if (layer->n_rows != 1U || layer->n_cols != output->gain_bands.n_bands) {
      grus_fields_fail(f,
                       GRUS_ERR_BAD_FORMAT,
                       "layer \"%.48s\" has %u rows of %u columns, expected "
                       "1 of %u",
                       layer->name,
                       layer->n_rows,
                       layer->n_cols,
                       output->gain_bands.n_bands);
    }
  }
}

static void
read_activity(GrusModel* const model, GrusFields* const f)
{
  model->output.activity =
    grus_layer_find(model, f, model->n_layers, grus_fields_text(f, "activity"));
  if (!f->status && model->layers[model->output.activity].n_rows != 1U) {
    grus_fields_fail(
      f, GRUS_ERR_BAD_FORMAT, "the layer of \"activity\" has several rows");
  }
  model->info.has_activity = true;
}

static void
read_frame_output(GrusModel* const model, GrusFields* const f)
{
  static const char* const known[] = {"mask", "gains", "activity", NULL};

  GrusFields part = *f;
  grus_fields_check_keys(&part, known);
  if (enter(&part, f, "mask")) {
    read_mask(model, &part);
  }
  if (enter(&part, f, "gains")) {
    read_gains(model, &part);
  }
  check_no_overlap(&part, &model->output);
  f->status = part.status;

  if (grus_fields_has(f, "activity")) {
    read_activity(model, f);
  }
  if (model->output.mask == GRUS_NO_LAYER &&
      model->output.gains == GRUS_NO_LAYER) {
    grus_fields_fail(
      f, GRUS_ERR_BAD_FORMAT, "there is neither \"mask\" nor \"gains\"");
  }
}

static void
read_sample_output(GrusModel* const model, GrusFields* const f)
{
  static const char* const known[] = {"skip", NULL};

  const GrusLayer* const last = &model->layers[model->n_layers - 1U];
  grus_fields_check_keys(f, known);
  model->output.skip = grus_fields_bool(f, "skip");
  if (last->n_rows != 1U || last->n_cols != 1U) {
    grus_fields_fail(f,
                     GRUS_ERR_BAD_FORMAT,
                     "the last layer, \"%.48s\", has %u columns, expected 1",
                     last->name,
                     last->n_cols);
  }
}

static void
read_self_test(GrusModel* const model, GrusFields* const f)
{
  static const char* const known[] = {"input", "output", "tolerance", NULL};

  grus_fields_check_keys(f, known);
  model->test_input_name  = grus_fields_copy(f, grus_fields_text(f, "input"));
  model->test_output_name = grus_fields_copy(f, grus_fields_text(f, "output"));
  model->info.test_tolerance = grus_fields_float(f, "tolerance", 1e-9, 0.01);
  model->info.has_self_test  = true;
}

/// Texts about the model, which info refers to
static void
read_texts(GrusModel* const model, GrusFields* const f)
{
  static const char* const keys[GRUS_N_TEXTS] = {
    "name", "author", "license", "description"};

  for (size_t i = 0U; i < GRUS_N_TEXTS; ++i) {
    const bool there = !i || grus_fields_has(f, keys[i]);
    model->texts[i] =
      grus_fields_copy(f, there ? grus_fields_text(f, keys[i]) : "");
  }

  model->info.name        = model->texts[0];
  model->info.author      = model->texts[1];
  model->info.license     = model->texts[2];
  model->info.description = model->texts[3];
}

static void
read_head(GrusModel* const model, GrusFields* const f)
{
  static const char* const known[] = {"format",
                                      "name",
                                      "kind",
                                      "sample_rate",
                                      "author",
                                      "license",
                                      "description",
                                      "frontend",
                                      "layers",
                                      "output",
                                      "self_test",
                                      NULL};

  if (grus_fields_u32(f, "format", 0U, UINT32_MAX) != 1U) {
    grus_fields_fail(
      f, GRUS_ERR_UNSUPPORTED, "\"format\" is not 1: a newer Grus is needed");
  }
  grus_fields_check_keys(f, known);
  read_texts(model, f);
  model->info.sample_rate = grus_fields_u32(
    f, "sample_rate", GRUS_MIN_SAMPLE_RATE, GRUS_MAX_SAMPLE_RATE);

  const char* const kind = grus_fields_text(f, "kind");
  if (!strcmp(kind, "sample")) {
    model->info.kind = GRUS_KIND_SAMPLE;
  } else if (strcmp(kind, "frame") != 0) {
    grus_fields_fail(
      f, GRUS_ERR_UNSUPPORTED, "\"kind\" is neither frame nor sample");
  }
}

/// Read the object under `key` with `read`
static void
read_part(GrusModel* const  model,
          GrusFields* const f,
          const char* const key,
          void (*const read)(GrusModel*, GrusFields*))
{
  GrusFields part = *f;
  part.object     = json_object_get(f->object, key);
  if (!f->status) {
    grus_fields_enter(&part, "%s", key);
    if (json_is_object(part.object)) {
      read(model, &part);
    } else {
      grus_fields_fail(&part, GRUS_ERR_BAD_FORMAT, "this is not an object");
    }
    f->status = part.status;
  }
}

static void
read_layers(GrusModel* const model, GrusFields* const f)
{
  const json_t* const list = grus_fields_array(f, "layers");
  const size_t        n    = json_array_size(list);
  if (!f->status && (!n || n > GRUS_MAX_LAYERS)) {
    grus_fields_fail(f,
                     GRUS_ERR_BAD_FORMAT,
                     "there are %zu layers, not 1 to %d",
                     n,
                     GRUS_MAX_LAYERS);
  }
  if (f->status) {
    return;
  }

  // NOLINTNEXTLINE(clang-analyzer-optin.portability.UnixAPI): n is 1 or more
  model->layers = (GrusLayer*)calloc(n, sizeof(GrusLayer));
  if (!model->layers) {
    grus_fields_fail(f, GRUS_ERR_NO_MEM, "no memory for the layers");
  }
  for (size_t i = 0U; i < n && !f->status; ++i) {
    GrusFields layer = *f;
    layer.object     = json_array_get(list, i);
    grus_fields_enter(&layer, "layer %zu", i + 1U);
    if (json_is_object(layer.object)) {
      grus_layer_read(model, &layer);
    } else {
      grus_fields_fail(&layer, GRUS_ERR_BAD_FORMAT, "this is not an object");
    }
    f->status = layer.status;
  }
}

static void
read_model(GrusModel* const model, GrusFields* const f)
{
  read_head(model, f);
  if (!f->status && model->info.kind == GRUS_KIND_FRAME) {
    read_part(model, f, "frontend", read_front_end);
  }
  read_layers(model, f);
  read_part(model,
            f,
            "output",
            model->info.kind == GRUS_KIND_FRAME ? read_frame_output
                                                : read_sample_output);
  if (grus_fields_has(f, "self_test")) {
    read_part(model, f, "self_test", read_self_test);
  }
}

GrusStatus
grus_description_read(const char* const  text,
                      GrusModel* const   model,
                      GrusMessage* const message)
{
  GrusFields f = {NULL, "description", GRUS_SUCCESS, message};

  model->output.mask     = GRUS_NO_LAYER;
  model->output.gains    = GRUS_NO_LAYER;
  model->output.activity = GRUS_NO_LAYER;

  GrusMessage      reason;
  const GrusStatus st =
    grus_json_read(text, strlen(text), MAX_VALUES, &f.object, &reason);
  if (st) {
    grus_fields_fail(&f, st, "this %s", reason.text);
  } else if (json_is_object(f.object)) {
    read_model(model, &f);
  } else {
    grus_fields_fail(&f, GRUS_ERR_BAD_FORMAT, "this is not a JSON object");
  }

  json_decref(f.object);
  return f.status;
}
