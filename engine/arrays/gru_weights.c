// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Names, shapes and numbers of the weights of a GRU, as in PyTorch's state_dict

#include "arrays/gru_impl.h"
#include "arrays/gru_places.h"
#include "arrays/shape.h"
#include "base/message.h"
#include "base/random.h"
#include "grus/gru.h"
#include "kernels/gru_layout.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_KINDS = 4, N_KINDS_WITHOUT_BIAS = 2 };

/// What the weights of every layer are called, in the order of state_dict()
static const char* const kinds[N_KINDS] = {
  "weight_ih_l",
  "weight_hh_l",
  "bias_ih_l",
  "bias_hh_l",
};

uint32_t
grus_gru_n_kinds(const GrusGru* const gru)
{
  return gru->config.bias ? N_KINDS : N_KINDS_WITHOUT_BIAS;
}

GrusGruPlace
grus_gru_place(const GrusGru* const gru, const size_t cell, const uint32_t kind)
{
  const GrusCell* const c      = &gru->cells[cell];
  const size_t          rows   = 3U * (size_t)gru->config.hidden_size;
  const size_t          hidden = gru->config.hidden_size;
  char* const           data[] = {
              c->input_weights, c->hidden_weights, c->input_bias, c->hidden_bias};
  const size_t width[] = {c->in, hidden, 1U, 1U};

  const GrusShape shape = {kind < 2U ? 2U : 1U, {rows, width[kind], 0U}};
  GrusGruPlace    place = {{"", shape}, width[kind], data[kind]};
  snprintf(place.weight.name,
           sizeof(place.weight.name),
           "%s%zu%s",
           kinds[kind],
           cell / gru->n_directions,
           cell % gru->n_directions ? "_reverse" : "");
  return place;
}

/// Find a weight by its name, or return false
static bool
find_weight(const GrusGru* const gru,
            const char* const    name,
            GrusGruPlace* const  place)
{
  for (uint32_t kind = 0U; kind < grus_gru_n_kinds(gru); ++kind) {
    const size_t length = strlen(kinds[kind]);
    if (!strncmp(name, kinds[kind], length)) {
      const unsigned long long layer = strtoull(name + length, NULL, 10);
      const bool               backwards =
        gru->config.bidirectional && strstr(name, "_reverse");
      if (layer < gru->config.num_layers) {
        *place = grus_gru_place(
          gru, ((size_t)layer * gru->n_directions) + backwards, kind);
        return !strcmp(place->weight.name, name);
      }
    }
  }

  return false;
}

void
grus_gru_move(const GrusGru* const      gru,
              const GrusGruPlace* const place,
              const GrusGruMove         move,
              void* const               context)
{
  const size_t        n_hidden = gru->config.hidden_size;
  const GrusGruMatrix matrix   = {
      n_hidden, place->columns, grus_gru_columns(n_hidden)};
  grus_gru_pack(matrix, move, context);
}

uint64_t
grus_gru_n_parameters(const GrusGru* const gru)
{
  const uint64_t hidden = gru->config.hidden_size;
  const size_t   n      = gru->config.num_layers * gru->n_directions;
  uint64_t       sum    = 0U;
  for (size_t i = 0U; i < n; ++i) {
    sum +=
      3U * hidden * (gru->cells[i].in + hidden + (gru->config.bias ? 2U : 0U));
  }

  return sum;
}

bool
grus_gru_weight(const GrusGru* const gru,
                const uint32_t       index,
                GrusGruWeight* const weight)
{
  const size_t cell = index / grus_gru_n_kinds(gru);
  if (cell >= gru->config.num_layers * gru->n_directions) {
    return false;
  }

  *weight = grus_gru_place(gru, cell, index % grus_gru_n_kinds(gru)).weight;
  return true;
}

GrusStatus
grus_gru_fail_unknown(const GrusGru* const gru,
                      const GrusStatus     st,
                      const char* const    name,
                      GrusMessage* const   message)
{
  return grus_fail(
    message,
    st,
    "there is no weight \"%.96s\" in a GRU with num_layers=%" PRIu32
    ", bias=%s, bidirectional=%s",
    name,
    gru->config.num_layers,
    gru->config.bias ? "True" : "False",
    gru->config.bidirectional ? "True" : "False");
}

GrusStatus
grus_gru_fail_shape(const GrusStatus          st,
                    const GrusGruPlace* const place,
                    const GrusShape* const    shape,
                    GrusMessage* const        message)
{
  return grus_fail(message,
                   st,
                   "expected %s of shape %s, got %s",
                   place->weight.name,
                   grus_shape_text(&place->weight.shape).text,
                   grus_shape_text(shape).text);
}

/// An array in the order of PyTorch beside its packed weight
typedef struct {
  const char* from;
  char*       to;
  size_t      size; ///< Bytes of one number
} Copy;

static void
copy_in(void* const context, const size_t index, const size_t packed)
{
  const Copy* const c = (const Copy*)context;
  memcpy(c->to + (packed * c->size), c->from + (index * c->size), c->size);
}

static void
copy_out(void* const context, const size_t index, const size_t packed)
{
  const Copy* const c = (const Copy*)context;
  memcpy(c->to + (index * c->size), c->from + (packed * c->size), c->size);
}

GrusStatus
grus_gru_set_weight(GrusGru* const         gru,
                    const char* const      name,
                    const void* const      data,
                    const GrusShape* const shape,
                    GrusMessage* const     message)
{
  GrusGruPlace place;
  if (!find_weight(gru, name, &place)) {
    return grus_gru_fail_unknown(gru, GRUS_ERR_BAD_ARG, name, message);
  }
  if (!grus_shape_equal(&place.weight.shape, shape)) {
    return grus_gru_fail_shape(GRUS_ERR_BAD_ARG, &place, shape, message);
  }

  Copy copy = {(const char*)data, place.packed, gru->element_size};
  grus_gru_move(gru, &place, copy_in, &copy);
  return GRUS_SUCCESS;
}

GrusStatus
grus_gru_get_weight(const GrusGru* const gru,
                    const char* const    name,
                    void* const          data,
                    const size_t         size,
                    GrusMessage* const   message)
{
  GrusGruPlace place;
  if (!find_weight(gru, name, &place)) {
    return grus_gru_fail_unknown(gru, GRUS_ERR_BAD_ARG, name, message);
  }

  const size_t n_rows = place.weight.shape.sizes[0];
  if (size < n_rows * place.columns) {
    return grus_fail(message,
                     GRUS_ERR_BAD_ARG,
                     "expected room for the %zu numbers of %s, got %zu",
                     n_rows * place.columns,
                     place.weight.name,
                     size);
  }

  Copy copy = {place.packed, (char*)data, gru->element_size};
  grus_gru_move(gru, &place, copy_out, &copy);
  return GRUS_SUCCESS;
}

/// Where numbers are drawn to
typedef struct {
  char*      to;
  double     bound; ///< They are between -bound and bound
  GrusNumber dtype;
  uint64_t*  random;
} Draw;

static void
draw(void* const context, const size_t index, const size_t packed)
{
  const Draw* const d = (const Draw*)context;
  const double      number =
    d->bound * ((2.0 * grus_random_uniform(d->random)) - 1.0);
  (void)index;
  if (d->dtype == GRUS_FLOAT64) {
    memcpy(d->to + (packed * sizeof(double)), &number, sizeof(double));
  } else {
    const float single = (float)number;
    memcpy(d->to + (packed * sizeof(float)), &single, sizeof(float));
  }
}

void
grus_gru_init_weights(GrusGru* const gru, const uint64_t seed)
{
  const double k       = 1.0 / sqrt((double)gru->config.hidden_size);
  const size_t n_cells = gru->config.num_layers * gru->n_directions;
  uint64_t     random  = seed;
  for (size_t i = 0U; i < n_cells * grus_gru_n_kinds(gru); ++i) {
    const GrusGruPlace place = grus_gru_place(
      gru, i / grus_gru_n_kinds(gru), (uint32_t)(i % grus_gru_n_kinds(gru)));
    Draw to = {place.packed, k, gru->config.dtype, &random};
    grus_gru_move(gru, &place, draw, &to);
  }
}
