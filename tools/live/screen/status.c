// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/screen/status.h"

#include "cli/json_report.h"
#include "cli/json_text.h"
#include "grus/grus.h"

#include <jansson.h>

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/// Three digits after the point are enough for anything that is shown
static json_t*
number(const double value)
{
  return json_real(round(1e3 * value) / 1e3);
}

static json_t*
params_json(const LiveStatus* const status)
{
  json_t* const object = json_object();
  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    json_object_set_new(
      object, grus_param_info(i)->symbol, number((double)status->params[i]));
  }

  return object;
}

static void
add_meters(const LiveStatus* const status, json_t* const object)
{
  for (uint32_t i = 0U; i < GRUS_N_METERS; ++i) {
    json_object_set_new(
      object, grus_meter_info(i)->symbol, number((double)status->meters[i]));
  }
}

static void
add_devices(const LiveStatus* const status, json_t* const object)
{
  const LivePlan* const plan = status->plan;
  json_object_set_new(object, "input", json_text(status->input));
  json_object_set_new(object, "output", json_text(status->output));
  json_object_set_new(object, "sample_rate", json_integer(plan->sample_rate));
  json_object_set_new(object, "channels", json_integer(plan->n_channels));
  json_object_set_new(object, "block", json_integer(status->block));
  if (plan->two_clocks) {
    json_object_set_new(object, "drift_ppm", number(status->drift));
  }
}

static void
add_health(const LiveStatus* const status, json_t* const object)
{
  json_object_set_new(
    object, "engine_latency_ms", number(status->engine_latency));
  json_object_set_new(
    object, "device_latency_ms", number(status->device_latency));
  json_object_set_new(object, "load", number(status->load));
  json_object_set_new(object, "worst_load", number(status->worst_load));
  json_object_set_new(
    object, "xruns", json_integer((json_int_t)status->n_xruns));
  json_object_set_new(object, "rests", json_integer(status->n_rests));
  json_object_set_new(
    object, "missing_frames", json_integer((json_int_t)status->n_missing));
}

static const char*
state_name(const LiveStatus* const status)
{
  return status->ended ? "ended" : status->resting ? "resting" : "running";
}

static json_t*
status_object(const LiveStatus* const status)
{
  json_t* const object = json_pack("{s:s, s:o}",
                                   "state",
                                   state_name(status),
                                   "seconds",
                                   number(status->seconds));

  add_devices(status, object);
  json_object_set_new(object, "model", json_text(status->model));
  if (status->loading) {
    json_object_set_new(object, "loading", json_text(status->loading));
  }
  if (status->preset) {
    json_object_set_new(object, "preset", json_text(status->preset));
    json_object_set_new(
      object, "preset_changed", json_boolean(status->preset_changed));
  }
  add_meters(status, object);
  add_health(status, object);
  if (status->record) {
    json_object_set_new(object, "record", json_text(status->record));
    json_object_set_new(
      object, "recorded_seconds", number(status->recorded_seconds));
    json_object_set_new(
      object, "dropped_frames", json_integer((json_int_t)status->n_dropped));
  }
  json_object_set_new(object, "parameters", params_json(status));

  return object;
}

char*
live_status_text(const LiveStatus* const status)
{
  json_t* const object = status_object(status);
  char* const   text   = json_dumps(
    object, JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(9));
  json_decref(object);
  return text;
}

void
live_status_json(const LiveStatus* const status)
{
  (void)json_report(
    status_object(status), JSON_COMPACT | JSON_REAL_PRECISION(9), stdout);
}

void
live_status_line(const LiveStatus* const status)
{
  printf(
    "%6.0f s  in %5.1f dBFS  out %6.1f dBFS  reduced %4.1f dB  voice %3.0f "
    "%%  latency %.1f ms  load %.0f %% (worst %.0f %%)  xruns %llu%s\n",
    status->seconds,
    (double)status->meters[GRUS_METER_INPUT_LEVEL],
    (double)status->meters[GRUS_METER_OUTPUT_LEVEL],
    (double)status->meters[GRUS_METER_REDUCTION],
    100.0 * (double)status->meters[GRUS_METER_ACTIVITY],
    status->engine_latency + status->device_latency,
    100.0 * status->load,
    100.0 * status->worst_load,
    (unsigned long long)status->n_xruns,
    status->resting ? "  RESTING: the machine cannot keep up" : "");
  fflush(stdout);
}

void
live_status_value(const uint32_t param,
                  const float    value,
                  char* const    text,
                  const size_t   size)
{
  const GrusParamInfo* const info  = grus_param_info(param);
  const long                 index = lrintf(value);
  if (info->type == GRUS_PARAM_TOGGLE) {
    snprintf(text, size, "%s", index ? "on" : "off");
  } else if (info->type == GRUS_PARAM_ENUM && index >= 0 && index < 4 &&
             info->labels[index]) {
    snprintf(text, size, "%s", info->labels[index]);
  } else {
    snprintf(text, size, "%.4g %s", (double)value, info->unit);
  }
}

void
live_status_describe(const LiveStatus* const status,
                     char* const             text,
                     const size_t            size)
{
  const int n = snprintf(
    text,
    size,
    "%s, %.1f s, model %s%s%s%s, preset %s%s, bypass %s, reduction "
    "%.4g dB, in %.1f dBFS, out %.1f dBFS, latency %.1f ms, xruns %llu",
    state_name(status),
    status->seconds,
    status->model,
    status->loading ? " (loading " : "",
    status->loading ? status->loading : "",
    status->loading ? ")" : "",
    status->preset ? status->preset : "none",
    status->preset_changed ? " (changed)" : "",
    status->params[GRUS_PARAM_ENABLED] > 0.5f ? "off" : "on",
    (double)status->params[GRUS_PARAM_REDUCTION],
    (double)status->meters[GRUS_METER_INPUT_LEVEL],
    (double)status->meters[GRUS_METER_OUTPUT_LEVEL],
    status->engine_latency + status->device_latency,
    (unsigned long long)status->n_xruns);
  if (status->record && n > 0 && (size_t)n < size) {
    snprintf(text + n,
             size - (size_t)n,
             ", recording %s (%.1f s)",
             status->record,
             status->recorded_seconds);
  }
}
