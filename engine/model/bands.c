// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "model/bands.h"

#include "format/fields.h"
#include "model/model.h"

#include <jansson.h>

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static void
read_group(GrusFields* const fields,
           GrusBands* const  bands,
           const json_t*     group,
           const uint32_t    n_bins)
{
  const json_t* const count = json_array_get(group, 0U);
  const json_t* const width = json_array_get(group, 1U);
  const json_int_t    c     = json_integer_value(count);
  const json_int_t    w     = json_integer_value(width);
  if (json_array_size(group) != 2U || !json_is_integer(count) ||
      !json_is_integer(width) || c < 1 || w < 1 || c > n_bins || w > n_bins) {
    grus_fields_fail(
      fields, GRUS_ERR_BAD_FORMAT, "\"bands\" is not a list of [count, width]");
    return;
  }

  // At most the bins of a 65536-sample window each, so no sum overflows
  GrusBandGroup* const g = &bands->groups[bands->n_groups++];
  g->count               = (uint32_t)c;
  g->width               = (uint32_t)w;
  if ((uint64_t)bands->first_bin + bands->n_bins +
        ((uint64_t)g->count * g->width) >
      n_bins) {
    grus_fields_fail(fields,
                     GRUS_ERR_BAD_FORMAT,
                     "\"bands\" end beyond the last of the %u bins",
                     n_bins);
    return;
  }
  bands->n_bands += g->count;
  bands->n_bins += g->count * g->width;
}

void
grus_bands_read(const GrusModel* const model,
                GrusFields* const      fields,
                GrusBands* const       bands)
{
  const uint32_t n_bins = (model->front_end.window / 2U) + 1U;

  memset(bands, 0, sizeof(*bands));
  bands->first_bin = grus_fields_u32(fields, "first_bin", 0U, n_bins);

  const json_t* const list = grus_fields_array(fields, "bands");
  const size_t        n    = json_array_size(list);
  if (!n || n > GRUS_MAX_BAND_GROUPS) {
    grus_fields_fail(fields,
                     GRUS_ERR_BAD_FORMAT,
                     "\"bands\" has %zu groups, not 1 to %d",
                     n,
                     GRUS_MAX_BAND_GROUPS);
  }
  for (size_t i = 0U; i < n && !fields->status; ++i) {
    read_group(fields, bands, json_array_get(list, i), n_bins);
  }
}
