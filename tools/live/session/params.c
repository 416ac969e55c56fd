// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/session/params.h"

#include "grus/grus.h"
#include "grus/slot.h"
#include "host/presets.h"
#include "live/models.h"
#include "live/session/session.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void
live_params_apply(LiveSession* const s, const float values[GRUS_N_PARAMS])
{
  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    grus_slot_set_param(s->slot, (GrusParam)i, values[i]);
  }
}

void
live_params_apply_preset(LiveSession* const s, const size_t index)
{
  float values[GRUS_N_PARAMS];
  presets_values(s->presets, index, values);
  live_params_apply(s, values);
  s->carry->preset = index;
}

bool
live_params_even_load(const LiveSession* const s, const uint32_t block)
{
  const float value = grus_slot_param(s->slot, GRUS_PARAM_EVEN_LOAD);
  const GrusModelInfo* const info = live_models_info(s->models);
  const double               hop =
    (double)info->hop * s->plan.sample_rate / info->sample_rate;
  return value > 1.5f ? 2.0 * block < hop : value > 0.5f;
}

void
live_params_set(LiveSession* const s, const GrusParam param, const float value)
{
  grus_slot_set_param(s->slot, param, value);
  if (param == GRUS_PARAM_EVEN_LOAD) {
    // Only a new stream heeds it
    const uint32_t block = atomic_load(&s->sound->shown.block);
    grus_slot_set_param(s->slot, param, live_params_even_load(s, block));
    (void)live_models_choose(s->models, live_models_index(s->models));
  }
}
