// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Weights of a GRU out of a .safetensors file

#include "arrays/gru_impl.h"
#include "arrays/gru_places.h"
#include "arrays/prefixes.h"
#include "arrays/shape.h"
#include "base/message.h"
#include "format/safetensors.h"
#include "grus/gru.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { FULL_NAME_SIZE = 256 };

/// Write a number of a tensor to `out`; return false if it is not finite
static bool
read_number(const GrusGru* const    gru,
            const GrusTensor* const tensor,
            const uint64_t          index,
            char* const             out)
{
  float      single = 0.0f;
  double     number = 0.0;
  const bool wide   = gru->config.dtype == GRUS_FLOAT64;
  const bool finite = wide ? grus_tensor_read_f64(tensor, index, 1U, &number)
                           : grus_tensor_read(tensor, index, 1U, &single);
  const void* const source = wide ? (const void*)&number : (const void*)&single;
  memcpy(out, source, gru->element_size);
  return finite;
}

/// Find the tensor `prefix` + `name`, or return null
static GrusTensor*
find_tensor(const GrusSafetensors* const file,
            const char* const            prefix,
            const char* const            name)
{
  char      full[FULL_NAME_SIZE];
  const int n = snprintf(full, sizeof(full), "%s%s", prefix, name);
  return n > 0 && (size_t)n < sizeof(full) ? grus_safetensors_find(file, full)
                                           : NULL;
}

/// Return a shape that is unlike any weight's if the tensor's is too long
static GrusShape
tensor_shape(const GrusTensor* const tensor)
{
  GrusShape shape = {tensor->n_dims, {0U, 0U, 0U}};
  for (uint32_t i = 0U; i < tensor->n_dims && i < GRUS_MAX_RANK; ++i) {
    shape.sizes[i] = (size_t)tensor->shape[i];
  }

  return shape;
}

/// Return whether every weight is there, as floats in its shape
static bool
fits_gru(const GrusSafetensors* const file,
         const char* const            prefix,
         const GrusGru* const         gru)
{
  GrusGruWeight weight;
  bool          fits = true;
  for (uint32_t i = 0U; fits && grus_gru_weight(gru, i, &weight); ++i) {
    const GrusTensor* const tensor = find_tensor(file, prefix, weight.name);
    const GrusShape shape = tensor ? tensor_shape(tensor) : weight.shape;
    fits                  = tensor && !grus_tensor_check_floats(tensor, NULL) &&
           grus_shape_equal(&weight.shape, &shape);
  }

  return fits;
}

static GrusStatus
fail_missing(const GrusSafetensors* const file,
             const char* const            prefix,
             const char* const            name,
             const GrusPrefixFits         fits,
             const GrusGru* const         gru,
             GrusMessage* const           message)
{
  return grus_fail(message,
                   GRUS_ERR_BAD_FORMAT,
                   "the weight \"%.48s%s\" is not in the file%s",
                   prefix,
                   name,
                   grus_prefixes_find(file, fits, gru).text);
}

/// Check a tensor, all numbers of it
static GrusStatus
check_tensor(const GrusGru* const      gru,
             const GrusGruPlace* const place,
             const GrusTensor* const   tensor,
             GrusMessage* const        message)
{
  const GrusStatus st = grus_tensor_check_floats(tensor, message);
  if (st) {
    return st;
  }

  const GrusShape shape = tensor_shape(tensor);
  if (!grus_shape_equal(&place->weight.shape, &shape)) {
    return grus_gru_fail_shape(GRUS_ERR_BAD_FORMAT, place, &shape, message);
  }

  char ignored[sizeof(double)];
  for (uint64_t i = 0U; i < tensor->n_elements; ++i) {
    if (!read_number(gru, tensor, i, ignored)) {
      return grus_fail(message,
                       GRUS_ERR_BAD_FORMAT,
                       "tensor \"%.96s\" holds a number that is not finite",
                       tensor->name);
    }
  }

  return GRUS_SUCCESS;
}

/// Check that every tensor with the prefix is a weight of the GRU
static GrusStatus
check_unknown(const GrusGru* const         gru,
              const GrusSafetensors* const file,
              const char* const            prefix,
              GrusMessage* const           message)
{
  const size_t      length = strlen(prefix);
  const GrusTensor* tensor = NULL;
  for (size_t i = 0U; (tensor = grus_safetensors_tensor(file, i)); ++i) {
    if (!tensor->used && !strncmp(tensor->name, prefix, length)) {
      return grus_gru_fail_unknown(
        gru, GRUS_ERR_BAD_FORMAT, tensor->name + length, message);
    }
  }

  return GRUS_SUCCESS;
}

/// A checked tensor on its way to its place
typedef struct {
  const GrusGru*    gru;
  const GrusTensor* tensor;
  char*             to;
} Load;

static void
load_number(void* const context, const size_t index, const size_t packed)
{
  const Load* const l = (const Load*)context;
  read_number(
    l->gru, l->tensor, index, l->to + (packed * l->gru->element_size));
}

/// Check all weights, or copy all that were checked
static GrusStatus
each_weight(const GrusGru* const         gru,
            const GrusSafetensors* const file,
            const char* const            prefix,
            const bool                   copy,
            GrusMessage* const           message)
{
  const size_t n_cells = gru->config.num_layers * gru->n_directions;
  for (size_t i = 0U; i < n_cells; ++i) {
    for (uint32_t kind = 0U; kind < grus_gru_n_kinds(gru); ++kind) {
      const GrusGruPlace      place = grus_gru_place(gru, i, kind);
      const GrusTensor* const tensor =
        find_tensor(file, prefix, place.weight.name);
      if (copy) {
        Load load = {gru, tensor, place.packed};
        grus_gru_move(gru, &place, load_number, &load);
      } else {
        const GrusStatus st =
          tensor ? check_tensor(gru, &place, tensor, message)
                 : fail_missing(
                     file, prefix, place.weight.name, fits_gru, gru, message);
        if (st) {
          return st;
        }
      }
    }
  }

  return copy ? GRUS_SUCCESS : check_unknown(gru, file, prefix, message);
}

GrusStatus
grus_gru_load(GrusGru* const     gru,
              const void* const  data,
              const size_t       size,
              const char* const  prefix,
              GrusMessage* const message)
{
  const char* const start = prefix ? prefix : "";
  GrusSafetensors*  file  = NULL;
  GrusStatus        st    = grus_safetensors_open(data, size, &file, message);
  if (!st && !(st = each_weight(gru, file, start, false, message))) {
    st = each_weight(gru, file, start, true, message);
  }

  grus_safetensors_close(file);
  return st;
}

/// Return how many layers the names tell, from layer 0 on
static uint32_t
count_layers(const GrusSafetensors* const file, const char* const prefix)
{
  char     name[GRUS_WEIGHT_NAME_SIZE];
  uint32_t n = 0U;
  do {
    snprintf(name, sizeof(name), "%s%" PRIu32, "weight_ih_l", n++);
  } while (find_tensor(file, prefix, name));

  return n - 1U;
}

/// Return whether the first layer has the shapes of a GRU's, and holds floats
static bool
is_gru(const GrusSafetensors* const file,
       const char* const            prefix,
       const GrusGru* const         none)
{
  const GrusTensor* const ih = find_tensor(file, prefix, "weight_ih_l0");
  const GrusTensor* const hh = find_tensor(file, prefix, "weight_hh_l0");
  (void)none;
  return ih && hh && !grus_tensor_check_floats(ih, NULL) &&
         !grus_tensor_check_floats(hh, NULL) && ih->n_dims == 2U &&
         hh->n_dims == 2U && ih->shape[1] && ih->shape[1] <= UINT32_MAX &&
         hh->shape[1] && hh->shape[1] <= UINT32_MAX &&
         ih->shape[0] == 3U * hh->shape[1] && hh->shape[0] == ih->shape[0];
}

static GrusStatus
read_config(const GrusSafetensors* const file,
            const char* const            prefix,
            GrusGruConfig* const         config,
            GrusMessage* const           message)
{
  const GrusTensor* const ih = find_tensor(file, prefix, "weight_ih_l0");
  const GrusTensor* const hh = find_tensor(file, prefix, "weight_hh_l0");
  if (!ih || !hh) {
    return fail_missing(file,
                        prefix,
                        ih ? "weight_hh_l0" : "weight_ih_l0",
                        is_gru,
                        NULL,
                        message);
  }

  GrusStatus st = grus_tensor_check_floats(ih, message);
  if (!st) {
    st = grus_tensor_check_floats(hh, message);
  }
  if (st) {
    return st;
  }
  if (!is_gru(file, prefix, NULL)) {
    return grus_fail(
      message,
      GRUS_ERR_BAD_FORMAT,
      "the weights \"%.48sweight_ih_l0\" and \"weight_hh_l0\" do "
      "not have the shapes of a GRU's%s",
      prefix,
      grus_prefixes_find(file, is_gru, NULL).text);
  }

  *config =
    grus_gru_config_default((uint32_t)ih->shape[1], (uint32_t)hh->shape[1]);
  config->num_layers    = count_layers(file, prefix);
  config->bias          = find_tensor(file, prefix, "bias_ih_l0");
  config->bidirectional = find_tensor(file, prefix, "weight_ih_l0_reverse");
  config->dtype = ih->dtype == GRUS_DTYPE_F64 ? GRUS_FLOAT64 : GRUS_FLOAT32;
  return GRUS_SUCCESS;
}

GrusStatus
grus_gru_read_config(const void* const    data,
                     const size_t         size,
                     const char* const    prefix,
                     GrusGruConfig* const config,
                     GrusMessage* const   message)
{
  GrusSafetensors* file = NULL;
  GrusStatus       st   = grus_safetensors_open(data, size, &file, message);
  if (!st) {
    st = read_config(file, prefix ? prefix : "", config, message);
  }

  grus_safetensors_close(file);
  return st;
}
