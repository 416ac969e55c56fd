// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/session/params.h"

#include "grus/grus.h"
#include "grus/slot.h"
#include "host/presets.h"
#include "live/models.h"
#include "live/session/session.h"

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

void
live_params_set(LiveSession* const s, const GrusParam param, const float value)
{
  grus_slot_set_param(s->slot, param, value);
  if (param == GRUS_PARAM_EVEN_LOAD) {
    (void)live_models_renew(s->models); // Only a new stream heeds it
  }
}
