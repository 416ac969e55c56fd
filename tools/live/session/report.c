// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/session/report.h"

#include "grus/grus.h"
#include "grus/slot.h"
#include "host/presets.h"
#include "live/audio/plan.h"
#include "live/audio/streams.h"
#include "live/disk/record.h"
#include "live/models.h"
#include "live/screen/status.h"
#include "live/session/session.h"

#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

uint64_t
live_report_xruns(const LiveSession* const s)
{
  return (uint64_t)atomic_load(&s->sound->shown.n_xruns) +
         live_audio_breaks(s->audio);
}

/// Return the frames that were played, of those that are to be played
static uint64_t
played(const LiveSession* const s)
{
  const uint64_t n    = atomic_load(&s->sound->shown.n_frames);
  const uint64_t most = s->sound->config.n_most;
  return n < most ? n : most;
}

/// Whether a parameter is no longer what the preset has set
static bool
has_left_preset(const LiveSession* const s)
{
  float values[GRUS_N_PARAMS];
  presets_values(s->presets, s->carry->preset, values);
  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    if (!isnan(values[i]) &&
        values[i] != grus_slot_param(s->slot, (GrusParam)i)) {
      return true;
    }
  }

  return false;
}

void
live_report(const LiveSession* const s, LiveStatus* const status)
{
  LiveShown* const shown = &s->sound->shown;
  const double     rate  = s->plan.sample_rate;

  memset(status, 0, sizeof(*status));
  status->plan = &s->plan;
  status->input =
    s->options->file ? s->options->file : live_plan_name(&s->plan.input);
  status->output  = live_plan_name(&s->plan.output);
  status->model   = live_models_name(s->models);
  status->loading = live_models_loading(s->models);
  status->preset =
    s->presets ? presets_name(s->presets, s->carry->preset) : NULL;
  status->preset_changed = status->preset && has_left_preset(s);
  status->record         = s->record ? live_record_path(s->record) : NULL;
  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    status->params[i] = grus_slot_param(s->slot, (GrusParam)i);
  }
  for (uint32_t i = 0U; i < GRUS_N_METERS; ++i) {
    status->meters[i] = atomic_load(&shown->meters[i]);
  }
  status->seconds          = (double)played(s) / rate;
  status->recorded_seconds = s->record ? live_record_seconds(s->record) : 0.0;
  status->engine_latency   = 1e3 * atomic_load(&shown->latency) / rate;
  status->device_latency   = live_audio_latency(s->audio);
  status->drift            = live_audio_drift(s->audio);
  status->load             = (double)atomic_load(&shown->load);
  status->worst_load       = (double)atomic_load(&shown->worst_load);
  status->block            = atomic_load(&shown->block);
  status->n_xruns          = s->carry->n_xruns + live_report_xruns(s);
  status->n_dropped        = atomic_load(&shown->n_dropped);
  status->n_missing        = atomic_load(&shown->n_missing);
  status->n_rests          = atomic_load(&shown->n_rests);
  status->resting          = atomic_load(&shown->resting);
}

void
live_report_print(const LiveSession* const s, const bool ended)
{
  LiveStatus status;
  live_report(s, &status);
  status.ended = ended;
  (s->options->json ? live_status_json : live_status_line)(&status);
}
