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

char*
grus_gru_packed_at(const GrusGru* const      gru,
                   const GrusGruPlace* const place,
                   const size_t              row,
                   const size_t              column)
{
  const size_t n_hidden = gru->config.hidden_size;
  const size_t index =
    (column * grus_gru_columns(n_hidden)) + grus_gru_column(row, n_hidden);
  return place->packed + (index * gru->element_size);
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

  const char* from = (const char*)data;
  for (size_t row = 0U; row < shape->sizes[0]; ++row) {
    for (size_t column = 0U; column < place.columns; ++column) {
      memcpy(
        grus_gru_packed_at(gru, &place, row, column), from, gru->element_size);
      from += gru->element_size;
    }
  }

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

  char* to = (char*)data;
  for (size_t row = 0U; row < n_rows; ++row) {
    for (size_t column = 0U; column < place.columns; ++column) {
      memcpy(
        to, grus_gru_packed_at(gru, &place, row, column), gru->element_size);
      to += gru->element_size;
    }
  }

  return GRUS_SUCCESS;
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
    const size_t n_rows = place.weight.shape.sizes[0];
    for (size_t j = 0U; j < n_rows * place.columns; ++j) {
      const double number = k * ((2.0 * grus_random_uniform(&random)) - 1.0);
      const float  single = (float)number;
      memcpy(
        grus_gru_packed_at(gru, &place, j / place.columns, j % place.columns),
        gru->config.dtype == GRUS_FLOAT64 ? (const void*)&number
                                          : (const void*)&single,
        gru->element_size);
    }
  }
}
