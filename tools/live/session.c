// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/session.h"

#include "cli/clock.h"
#include "cli/param_options.h"
#include "cli/say.h"
#include "devices/audio.h"
#include "grus/grus.h"
#include "grus/slot.h"
#include "host/preset_file.h"
#include "live/audio/priority.h"
#include "live/audio/sound.h"
#include "live/audio/streams.h"
#include "live/disk/record.h"
#include "live/disk/source.h"
#include "live/models.h"
#include "live/options.h"
#include "live/screen/screen.h"
#include "live/screen/status.h"
#include "sound/input.h"

#include <portaudio.h>
#include <unistd.h>

#include <math.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const double tick       = 0.05; ///< Seconds between looks at everything
static const double line_pause = 5.0;  ///< Seconds between lines of text
static const double json_pause = 1.0;
static const double stall      = 3.0;   ///< Seconds without a block: it is lost
static const double slow_closing = 5.0; ///< Seconds that devices may take

/// Everything that one session holds open
typedef struct {
  const LiveOptions* options;
  LiveCarry*         carry;
  LivePlan           plan;
  SoundInput         file;
  LiveSource*        source;
  LiveModels*        models;
  GrusSlot*          slot; ///< The models'
  Presets*           presets;
  LiveRecord*        record; ///< Null for none
  LiveSound*         sound;
  LiveAudio*         audio;
  double             began;    ///< By the clock
  double             shown;    ///< When the status was last shown
  double             looked;   ///< When files were last looked at
  double             moved;    ///< When the sound last went on
  uint64_t           n_frames; ///< Played by then
  bool               screen;   ///< The terminal is taken
} Session;

static volatile sig_atomic_t stopped;

static void
on_signal(const int number)
{
  (void)number;
  stopped = 1;
}

static void
on_alarm(const int number)
{
  (void)number;
  _exit(EXIT_OK);
}

static void
catch_signals(void)
{
  struct sigaction action;
  memset(&action, 0, sizeof(action));
  action.sa_handler = on_signal;
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGHUP, &action, NULL);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN); // So that a full disk is an error, not the end
}

static void
wait_seconds(const double seconds)
{
  const time_t          whole = (time_t)seconds;
  const struct timespec pause = {whole,
                                 (long)(1e9 * (seconds - (double)whole))};
  nanosleep(&pause, NULL);
}

static int
open_file(Session* const s)
{
  const RawFormat no_raw = {0U, 0U, 0};
  if (!s->options->file) {
    return EXIT_OK;
  }

  const int code = sound_input_open(&s->file, s->options->file, no_raw);
  if (!code && s->carry->file_seconds > 0.0) {
    const double frames = s->carry->file_seconds * s->file.info.samplerate;
    sound_input_skip(&s->file, (uint64_t)frames);
  }
  return code;
}

static void
apply_values(Session* const s, const float values[GRUS_N_PARAMS])
{
  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    grus_slot_set_param(s->slot, (GrusParam)i, values[i]);
  }
}

static void
apply_preset(Session* const s, const size_t index)
{
  float values[GRUS_N_PARAMS];
  presets_values(s->presets, index, values);
  apply_values(s, values);
  s->carry->preset = index;
}

static int
load_presets(Session* const s)
{
  int code = presets_load(&s->presets);
  if (code) {
    return s->options->preset ? code : EXIT_OK;
  }
  if (s->options->preset && !s->carry->resuming) {
    code = presets_find(s->presets, s->options->preset, &s->carry->preset);
    if (!code) {
      apply_preset(s, s->carry->preset);
    }
  }
  return code;
}

static int
open_models(Session* const s)
{
  const LiveOptions* const options = s->options;
  const GrusStreamConfig   config  = {
       s->plan.sample_rate, s->plan.n_channels, options->kernels};

  int code =
    live_models_new(options->models, options->n_models, &config, &s->models);
  if (code) {
    return code;
  }

  // More than two channels are seldom one image
  s->slot = live_models_slot(s->models);
  grus_slot_set_param(s->slot, GRUS_PARAM_LINK, config.n_channels <= 2U);
  code = load_presets(s);
  if (!code) {
    apply_values(s, s->carry->params);
  }
  if (!code && s->carry->model &&
      s->carry->model < live_models_count(s->models)) {
    code = live_models_choose(s->models, s->carry->model);
  }
  return code;
}

static int
open_recording(Session* const s)
{
  const LiveOptions* const options = s->options;
  if (!options->record) {
    return EXIT_OK;
  }

  // What was recorded before the devices were lost is an earlier take
  const LiveTake take = {
    options->record, s->carry->last_take + 1U, options->record_policy};
  const int code = live_record_start(
    &take, 2U * s->plan.n_channels, s->plan.sample_rate, &s->record);
  if (code) {
    return code;
  }

  s->carry->last_take = live_record_number(s->record);
  if (s->carry->last_take != take.number && !options->quiet) {
    say_error(EXIT_OK,
              "\"%s\" exists: recording into \"%s\"",
              options->record,
              live_record_path(s->record));
  }
  return EXIT_OK;
}

static int
open_sound(Session* const s)
{
  int code = EXIT_OK;
  if (s->options->file) {
    code = live_source_start(&s->file, s->plan.sample_rate, &s->source);
  }
  if (!code) {
    code = open_recording(s);
  }
  if (code) {
    return code;
  }

  const LiveSoundConfig config = {
    s->slot,
    s->source ? live_source_ring(s->source) : NULL,
    s->record ? live_record_ring(s->record) : NULL,
    s->source ? live_source_expected(s->source) : NULL,
    s->plan.n_channels,
    s->plan.sample_rate,
    clock_seconds};
  s->sound = live_sound_new(&config);
  return s->sound ? EXIT_OK : say_error(EXIT_FAILED, "no memory for sound");
}

/// Do what the system allows for sound without gaps, and tell what it does not
static bool
prepare_priority(const Session* const s)
{
  const bool locked  = live_priority_lock_memory();
  const bool allowed = live_priority_is_allowed();
  if ((!locked || !allowed) && !s->options->quiet && !s->carry->resuming) {
    say_error(EXIT_OK,
              "hint: real-time priority%s not allowed; add yourself to the "
              "group \"audio\" or \"pipewire\" and log in again (see ulimit "
              "-r and -l)",
              allowed  ? " is allowed, but locked memory is"
              : locked ? " is"
                       : " and locked memory are");
  }
  return allowed;
}

/// Return the length of the device's blocks, 0 if there are none
static uint32_t
wait_for_block(const Session* const s)
{
  const double start = clock_seconds();
  uint32_t     block = 0U;
  while (!block && clock_seconds() - start < stall && !stopped) {
    wait_seconds(0.001);
    block = atomic_load_explicit(&s->sound->shown.block, memory_order_acquire);
  }

  return block;
}

/// Whether to spread the work: as asked, or where blocks are short, since a
/// whole step in one of them would make it the slowest
static bool
wants_even_load(const Session* const s, const uint32_t block)
{
  const float value = grus_slot_param(s->slot, GRUS_PARAM_EVEN_LOAD);
  const GrusModelInfo* const info = live_models_info(s->models);
  const double               hop =
    (double)info->hop * s->plan.sample_rate / info->sample_rate;
  return value > 1.5f ? 2.0 * block < hop : value > 0.5f;
}

static int
start_audio(Session* const s)
{
  const bool real_time = prepare_priority(s);
  const int  code = live_audio_start(&s->plan, s->sound, real_time, &s->audio);
  if (code) {
    return code;
  }

  const uint32_t block = wait_for_block(s);
  if (!block && !stopped) {
    return say_error(EXIT_FAILED, "the sound device gives no sound");
  }

  grus_slot_set_param(s->slot, GRUS_PARAM_EVEN_LOAD, wants_even_load(s, block));
  s->began = clock_seconds();
  s->moved = s->began;
  atomic_store_explicit(&s->sound->shown.go, true, memory_order_release);
  return EXIT_OK;
}

static int
open_all(Session* const s)
{
  int code = open_file(s);
  if (!code) {
    code = audio_start(s->options->verbose);
  }
  if (!code) {
    code = live_audio_plan(s->options,
                           sound_input_is_open(&s->file) ? &s->file.info : NULL,
                           &s->plan);
  }
  if (!code) {
    code = open_models(s);
  }
  if (!code) {
    code = open_sound(s);
  }
  if (!code) {
    code = start_audio(s);
  }
  return code;
}

static const char*
input_name(const Session* const s)
{
  return s->options->file ? s->options->file
                          : Pa_GetDeviceInfo(s->plan.input)->name;
}

static const char*
output_name(const Session* const s)
{
  return s->plan.output == paNoDevice ? "none"
                                      : Pa_GetDeviceInfo(s->plan.output)->name;
}

static uint64_t
count_xruns(const Session* const s)
{
  return (uint64_t)atomic_load(&s->sound->shown.n_xruns) +
         live_audio_breaks(s->audio);
}

static void
get_status(const Session* const s, LiveStatus* const status)
{
  LiveShown* const shown = &s->sound->shown;
  const double     rate  = s->plan.sample_rate;

  memset(status, 0, sizeof(*status));
  status->plan   = &s->plan;
  status->input  = input_name(s);
  status->output = output_name(s);
  status->model  = live_models_name(s->models);
  status->preset =
    s->presets ? presets_name(s->presets, s->carry->preset) : NULL;
  status->record = s->record ? live_record_path(s->record) : NULL;
  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    status->params[i] = grus_slot_param(s->slot, (GrusParam)i);
  }
  for (uint32_t i = 0U; i < GRUS_N_METERS; ++i) {
    status->meters[i] = atomic_load(&shown->meters[i]);
  }
  status->seconds          = (double)atomic_load(&shown->n_frames) / rate;
  status->recorded_seconds = s->record ? live_record_seconds(s->record) : 0.0;
  status->engine_latency   = 1e3 * atomic_load(&shown->latency) / rate;
  status->device_latency   = live_audio_latency(s->audio);
  status->drift            = live_audio_drift(s->audio);
  status->load             = (double)atomic_load(&shown->load);
  status->worst_load       = (double)atomic_load(&shown->worst_load);
  status->block            = atomic_load(&shown->block);
  status->n_xruns          = s->carry->n_xruns + count_xruns(s);
  status->n_dropped        = atomic_load(&shown->n_dropped);
  status->n_missing        = atomic_load(&shown->n_missing);
  status->n_rests          = atomic_load(&shown->n_rests);
  status->resting          = atomic_load(&shown->resting);
}

/// Have the next model played; there may be but one
static void
next_model(Session* const s)
{
  const size_t n     = live_models_count(s->models);
  const size_t index = live_models_index(s->models);
  if (n > 1U) {
    (void)live_models_choose(s->models, (index + 1U) % n);
  } else {
    say_error(EXIT_OK, "there is only one model (name more with --model)");
  }
}

static void
next_preset(Session* const s)
{
  const size_t last = s->carry->preset;
  const size_t next =
    s->presets && presets_name(s->presets, last) ? last + 1U : 0U;
  if (s->presets && presets_name(s->presets, next)) {
    apply_preset(s, next);
  } else if (s->presets) {
    apply_preset(s, 0U);
  }
}

static void
set_param(Session* const s, const GrusParam param, const float value)
{
  grus_slot_set_param(s->slot, param, value);
  if (param == GRUS_PARAM_EVEN_LOAD) {
    // Only a new stream heeds it
    const uint32_t block = atomic_load(&s->sound->shown.block);
    grus_slot_set_param(s->slot, param, wants_even_load(s, block));
    (void)live_models_choose(s->models, live_models_index(s->models));
  }
}

static void
obey(Session* const s, const LiveKey key)
{
  switch (key.kind) {
  case LIVE_KEY_NONE:
    break;
  case LIVE_KEY_QUIT:
    stopped = 1;
    break;
  case LIVE_KEY_MODEL:
    next_model(s);
    break;
  case LIVE_KEY_PRESET:
    next_preset(s);
    break;
  case LIVE_KEY_PARAM:
    set_param(s, key.param, key.value);
    break;
  }
}

static void
print_status(Session* const s, const bool ended)
{
  LiveStatus status;
  get_status(s, &status);
  status.ended = ended;
  (s->options->json ? live_status_json : live_status_line)(&status);
}

static void
show_line(Session* const s, const double now)
{
  const LiveOptions* const options = s->options;
  const double             pause   = options->json ? json_pause : line_pause;
  if ((options->json || !options->quiet) && now - s->shown >= pause) {
    s->shown = now;
    print_status(s, false);
  }
}

/// Show how it goes, and take keys, for the length of a tick
static void
show(Session* const s, const double now)
{
  if (!atomic_load(&s->sound->shown.n_frames)) {
    wait_seconds(tick); // There is nothing to show yet
  } else if (s->screen) {
    LiveStatus status;
    get_status(s, &status);
    live_screen_draw(&status);
    obey(s, live_screen_key(&status));
  } else {
    show_line(s, now);
    wait_seconds(tick);
  }
}

/// Once a second, look at what lies on the disk
static void
look_at_files(Session* const s, const double now)
{
  if (now - s->looked < 1.0) {
    return;
  }

  s->looked = now;
  if (s->record) {
    (void)live_record_check(s->record);
  }
  if (s->options->watch && live_models_has_changed(s->models) &&
      !live_models_choose(s->models, live_models_index(s->models))) {
    say_error(
      EXIT_OK, "model \"%s\" is loaded again", live_models_name(s->models));
  }
}

/// Whether the devices are gone, or do not call back any more
static bool
is_lost(Session* const s, const double now)
{
  const uint64_t n_frames = atomic_load(&s->sound->shown.n_frames);
  if (n_frames != s->n_frames) {
    s->n_frames = n_frames;
    s->moved    = now;
  }
  return !live_audio_is_alive(s->audio) || now - s->moved > stall;
}

/// Whether a file has been played to its end, and heard
static bool
has_ended(const Session* const s)
{
  if (!s->source) {
    return false;
  }

  const double   rest = 1e-3 * live_audio_latency(s->audio);
  const uint64_t end  = atomic_load(live_source_expected(s->source));
  return end != UINT64_MAX && atomic_load(&s->sound->shown.n_finished) >= end &&
         (double)atomic_load(&s->sound->shown.n_frames) >=
           (double)end + (rest * s->plan.sample_rate);
}

static int
run(Session* const s)
{
  for (double now = s->began; !stopped; now = clock_seconds()) {
    if (is_lost(s, now)) {
      return EXIT_LOST;
    }
    if (now >= s->carry->end || has_ended(s)) {
      return EXIT_OK;
    }
    live_models_collect(s->models);
    look_at_files(s, now);
    show(s, now);
  }

  return EXIT_OK;
}

/// Remember for the next session how it was in this one
static void
carry_on(Session* const s)
{
  LiveCarry* const carry = s->carry;
  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    carry->params[i] = grus_slot_param(s->slot, (GrusParam)i);
  }
  carry->model    = live_models_index(s->models);
  carry->resuming = true;
  carry->lost_at  = clock_seconds();
  carry->n_xruns += count_xruns(s);
  carry->file_seconds +=
    (double)atomic_load(&s->sound->shown.n_finished) / s->plan.sample_rate;
}

/// Close what is open.  Devices that are gone are left to the process's end.
static int
close_all(Session* const s, const bool lost)
{
  if (s->sound) {
    atomic_store(&s->sound->shown.go, false);
  }
  const int code = live_record_end(s->record);
  if (lost) {
    return code;
  }

  struct sigaction action;
  memset(&action, 0, sizeof(action));
  action.sa_handler = on_alarm;
  sigaction(SIGALRM, &action, NULL);
  alarm((unsigned)slow_closing);
  live_audio_end(s->audio);
  audio_end();
  alarm(0U);

  live_sound_free(s->sound);
  live_source_end(s->source);
  live_models_free(s->models);
  presets_free(s->presets);
  sound_input_close(&s->file);
  return code;
}

static void
swallow(const char* const line)
{
  (void)line;
}

static bool
wants_screen(const LiveOptions* const options)
{
  return !options->json && !options->plain && !options->quiet &&
         live_screen_is_possible();
}

int
live_session(const LiveOptions* const options, LiveCarry* const carry)
{
  Session s;
  memset(&s, 0, sizeof(s));
  s.options = options;
  s.carry   = carry;
  catch_signals();

  // That it still does not work is told by who tries again
  say_to(carry->resuming ? swallow : NULL);
  int code = open_all(&s);
  say_to(NULL);
  if (code && carry->resuming) {
    return EXIT_LOST;
  }

  if (!code) {
    if (carry->resuming) {
      say_error(
        EXIT_OK, "sound again, after %.0f s", clock_seconds() - carry->lost_at);
    }
    carry->has_played = true;
    s.screen          = wants_screen(options) && live_screen_open();
    code              = run(&s);
    live_screen_close();
    if (!code && options->json) {
      print_status(&s, true);
    }
    carry_on(&s);
  }

  const bool lost      = code == EXIT_LOST;
  const int  recording = close_all(&s, lost);
  return code ? code : recording;
}
