// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "view/model/values.h"

#include "grus/params.h"
#include "view/model/history.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const double hold_seconds   = 1.5;
static const float  fall_by        = 0.6f;    ///< dB for each picture
static const float  lowest         = -100.0f; ///< dBFS
static const float  full_scale     = 0.0f;    ///< dBFS
static const float  visible_level  = 0.1f;    ///< dB
static const float  visible_factor = 0.05f;   ///< Percent of load

bool
view_values_init(ViewValues* const values, const bool has_link)
{
  memset(values, 0, sizeof(*values));
  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    values->params[i] = grus_param_info(i)->initial;
  }
  for (uint32_t i = 0U; i < GRUS_N_METERS; ++i) {
    values->meters[i] = grus_meter_info(i)->initial;
  }
  for (unsigned side = 0U; side < VIEW_SIDES; ++side) {
    values->levels[side].level = lowest;
    values->levels[side].hold  = lowest;
  }
  values->has_link = has_link;
  values->xruns    = -1;
  values->changes  = VIEW_CHANGED_ALL;
  values->history  = view_history_new();
  return values->history;
}

void
view_values_clear(ViewValues* const values)
{
  view_history_free(values->history);
  values->history = NULL;
}

bool
view_set_param(ViewValues* const values,
               const GrusParam   param,
               const float       value)
{
  const GrusParamInfo* const info = grus_param_info(param);
  if (!info || isnan(value)) {
    return false;
  }

  float limited = fminf(fmaxf(value, info->minimum), info->maximum);
  if (info->type != GRUS_PARAM_FLOAT) {
    limited = roundf(limited);
  }
  if (values->params[param] == limited) {
    return false;
  }
  values->params[param] = limited;
  values->changes |= VIEW_CHANGED_PARAMS;
  return true;
}

static void
set_level(ViewValues* const values,
          const unsigned    side,
          const float       db,
          const double      now)
{
  ViewLevel* const level = &values->levels[side];
  if (db >= full_scale && !level->clipped) {
    level->clipped = true;
    values->changes |= VIEW_CHANGED_LEVELS;
  }
  if (fabsf(db - level->level) >= visible_level) {
    level->level = db;
    values->changes |= VIEW_CHANGED_LEVELS;
  }
  if (db >= level->hold) {
    level->hold       = db;
    level->hold_until = now + hold_seconds;
  }
}

void
view_set_meter(ViewValues* const values,
               const GrusMeter   meter,
               const float       value,
               const double      now)
{
  const GrusMeterInfo* const info = grus_meter_info(meter);
  if (!info || isnan(value)) {
    return;
  }

  const float limited   = fminf(fmaxf(value, info->minimum), info->maximum);
  values->meters[meter] = limited;
  if (meter == GRUS_METER_INPUT_LEVEL) {
    set_level(values, VIEW_IN, limited, now);
  } else if (meter == GRUS_METER_OUTPUT_LEVEL) {
    set_level(values, VIEW_OUT, limited, now);
  }
}

void
view_let_fall(ViewValues* const values, const double now)
{
  for (unsigned side = 0U; side < VIEW_SIDES; ++side) {
    ViewLevel* const level = &values->levels[side];
    if (now >= level->hold_until && level->hold > level->level) {
      level->hold = fmaxf(level->level, level->hold - fall_by);
      values->changes |= VIEW_CHANGED_LEVELS;
    }
  }
}

void
view_reset_level(ViewValues* const values, const unsigned side)
{
  values->levels[side].clipped = false;
  values->levels[side].hold    = values->levels[side].level;
  values->changes |= VIEW_CHANGED_LEVELS;
}

void
view_set_load(ViewValues* const values, const float mean, const float worst)
{
  if (fabsf(mean - values->load) >= visible_factor ||
      fabsf(worst - values->load_worst) >= visible_factor) {
    values->load       = mean;
    values->load_worst = worst;
    values->changes |= VIEW_CHANGED_TEXTS;
  }
}

void
view_set_latency(ViewValues* const values, const float frames)
{
  if (values->latency != frames) {
    values->latency = frames;
    values->changes |= VIEW_CHANGED_TEXTS;
  }
}

/// Take a text over, cut to fit
static void
set_text(char* const target, const size_t size, const char* const text)
{
  if (text) {
    snprintf(target, size, "%s", text);
  }
}

void
view_set_model(ViewValues* const values,
               const char* const name,
               const char* const license,
               const char* const error)
{
  set_text(values->model, sizeof(values->model), name);
  set_text(values->license, sizeof(values->license), license);
  set_text(values->error, sizeof(values->error), error);
  values->changes |= VIEW_CHANGED_TEXTS;
}

void
view_set_loading(ViewValues* const values, const bool loading)
{
  if (values->loading != loading) {
    values->loading = loading;
    values->changes |= VIEW_CHANGED_TEXTS;
  }
}

void
view_add_sound(ViewValues* const    values,
               const int16_t* const in,
               const int16_t* const out,
               const size_t         n)
{
  view_history_add(values->history,
                   in,
                   out,
                   n,
                   values->meters[GRUS_METER_ACTIVITY],
                   values->meters[GRUS_METER_REDUCTION]);
  values->changes |= VIEW_CHANGED_SOUND;
}
