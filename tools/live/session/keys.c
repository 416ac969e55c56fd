// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/session/keys.h"

#include "cli/say.h"
#include "host/presets.h"
#include "live/models.h"
#include "live/screen/screen.h"
#include "live/session/params.h"
#include "live/session/session.h"
#include "live/session/signals.h"

#include <stddef.h>

/// Have the next model played; there may be but one
static void
next_model(LiveSession* const s)
{
  const size_t n     = live_models_count(s->models);
  const size_t index = live_models_wanted(s->models);
  if (n > 1U) {
    (void)live_models_choose(s->models, (index + 1U) % n, LIVE_WANTED);
  } else {
    say_error(EXIT_OK, "there is only one model (name more with --model)");
  }
}

static void
next_preset(LiveSession* const s)
{
  const size_t last = s->carry->preset;
  const size_t next =
    s->presets && presets_name(s->presets, last) ? last + 1U : 0U;
  if (s->presets && presets_name(s->presets, next)) {
    live_params_apply_preset(s, next);
  } else if (s->presets) {
    live_params_apply_preset(s, 0U);
  }
}

void
live_keys_obey(LiveSession* const s, const LiveKey key)
{
  switch (key.kind) {
  case LIVE_KEY_NONE:
    break;
  case LIVE_KEY_QUIT:
    live_signals_stop();
    break;
  case LIVE_KEY_MODEL:
    next_model(s);
    break;
  case LIVE_KEY_PRESET:
    next_preset(s);
    break;
  case LIVE_KEY_PARAM:
    live_params_set(s, key.param, key.value);
    break;
  }
}
