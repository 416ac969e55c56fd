// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/session/session.h"

#include "cli/say.h"
#include "devices/audio.h"
#include "grus/grus.h"
#include "grus/slot.h"
#include "host/clock.h"
#include "host/presets.h"
#include "live/audio/priority.h"
#include "live/audio/sound.h"
#include "live/audio/streams.h"
#include "live/control/server.h"
#include "live/disk/record.h"
#include "live/disk/source.h"
#include "live/models.h"
#include "live/options.h"
#include "live/screen/screen.h"
#include "live/session/commands.h"
#include "live/session/loop.h"
#include "live/session/params.h"
#include "live/session/report.h"
#include "live/session/signals.h"
#include "live/session/takes.h"
#include "sound/input.h"

#include <unistd.h>

#include <math.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const double first_block  = 3.0; ///< Seconds that the first may take
static const double slow_closing = 5.0; ///< Seconds that devices may take

/// What the process returns if its devices do not close
static volatile sig_atomic_t closing_code;

static void
on_alarm(const int number)
{
  (void)number;
  _exit(closing_code);
}

static int
open_file(LiveSession* const s)
{
  const SoundInputWish no_wish = {{0U, 0U, 0}, 0U};
  if (!s->options->file) {
    return EXIT_OK;
  }

  const int code = sound_input_open(&s->file, s->options->file, &no_wish);
  if (!code && s->carry->file_seconds > 0.0) {
    const double frames = s->carry->file_seconds * s->file.info.samplerate;
    sound_input_skip(&s->file, (uint64_t)frames);
  }
  return code;
}

static int
load_presets(LiveSession* const s)
{
  const char* const wanted = s->options->preset;
  GrusMessage       message;
  if (!presets_load(&s->presets, &message)) {
    say_error(EXIT_OK, "%s", message.text);
    return wanted ? EXIT_FAILED : EXIT_OK;
  }
  if (wanted && !s->carry->resuming) {
    if (!presets_find(s->presets, wanted, &s->carry->preset, &message)) {
      return say_error(EXIT_USAGE, "%s", message.text);
    }
    live_params_apply_preset(s, s->carry->preset);
  }
  return EXIT_OK;
}

/// Whether the devices were lost while another model than the first played, or
/// was on its way
static bool
misses_model(const LiveSession* const s)
{
  const char* const path = s->carry->model;
  return path[0] && strcmp(path, live_models_path(s->models)) != 0;
}

/// Have the model back that played, or go on with the first
static void
wait_for_model(const LiveSession* const s)
{
  const char* reason = NULL;
  if (misses_model(s)) {
    const uint64_t wish =
      live_models_choose_named(s->models, s->carry->model, LIVE_ASKED_FOR);
    while (live_models_fate(s->models, wish, &reason) == LIVE_WISH_LOADS &&
           !live_signals_stopped()) {
      live_wait(0.001);
      live_models_collect(s->models);
    }
  }
}

static int
open_models(LiveSession* const s)
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
    live_params_apply(s, s->carry->params);
  }
  if (!code) {
    wait_for_model(s);
  }
  return code;
}

/// Return how much sound is to be played; time without devices counts too
static uint64_t
frames_to_go(const LiveSession* const s)
{
  const LiveCarry* const carry = s->carry;
  const double lost = carry->resuming ? clock_seconds() - carry->lost_at : 0.0;
  const double left = fmax(carry->left - lost, 0.0) * s->plan.sample_rate;
  return left < (double)(UINT64_C(1) << 53U) ? (uint64_t)llrint(left)
                                             : UINT64_MAX;
}

static int
open_sound(LiveSession* const s)
{
  int code = EXIT_OK;
  if (s->options->file) {
    code = live_source_start(&s->file, s->plan.sample_rate, &s->source);
  }
  if (!code) {
    code = live_takes_start(s);
  }
  if (code) {
    return code;
  }

  const LiveSoundConfig config = {
    s->slot,
    s->source ? live_source_ring(s->source) : NULL,
    s->record ? live_record_ring(s->record) : NULL,
    s->source ? live_source_expected(s->source) : NULL,
    frames_to_go(s),
    s->plan.n_channels,
    s->plan.sample_rate,
    clock_seconds};
  s->sound = live_sound_new(&config);
  return s->sound ? EXIT_OK : say_error(EXIT_FAILED, "no memory for sound");
}

/// Do what the system allows for sound without gaps, and tell what it does not
static bool
prepare_priority(const LiveSession* const s)
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
wait_for_block(const LiveSession* const s)
{
  const double start = clock_seconds();
  uint32_t     block = 0U;
  while (!block && clock_seconds() - start < first_block &&
         !live_signals_stopped()) {
    live_wait(0.001);
    block = atomic_load_explicit(&s->sound->shown.block, memory_order_acquire);
  }

  return block;
}

static int
start_audio(LiveSession* const s)
{
  const bool real_time = prepare_priority(s);
  const int  code = live_audio_start(&s->plan, s->sound, real_time, &s->audio);
  if (code) {
    return code;
  }

  const uint32_t block = wait_for_block(s);
  if (!block && !live_signals_stopped()) {
    return say_error(EXIT_FAILED, "the sound device gives no sound");
  }

  grus_slot_set_block(s->slot, block);
  s->began = clock_seconds();
  s->moved = s->began;
  atomic_store_explicit(&s->sound->shown.go, true, memory_order_release);
  return EXIT_OK;
}

static int
open_all(LiveSession* const s)
{
  int code = open_file(s);
  if (!code) {
    code = audio_start(s->options->verbose);
  }
  if (!code) {
    code = live_plan(s->options,
                     sound_input_is_open(&s->file) ? &s->file.info : NULL,
                     &s->plan);
  }
  if (!code) {
    code = open_models(s);
  }
  if (!code) {
    code = open_sound(s);
  }
  if (!code && s->carry->control >= 0) {
    s->server = live_server_new(s->carry->control, live_commands_answer, s);
    code = s->server ? EXIT_OK : say_error(EXIT_FAILED, "no memory to listen");
  }
  if (!code) {
    code = start_audio(s);
  }
  return code;
}

/// Remember for the next session how it was in this one
static void
carry_on(LiveSession* const s)
{
  LiveCarry* const carry = s->carry;
  const uint64_t   done  = atomic_load(&s->sound->shown.n_finished);
  const uint64_t   most  = s->sound->config.n_most;
  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    carry->params[i] = grus_slot_param(s->slot, (GrusParam)i);
  }
  snprintf(
    carry->model, LIVE_PATH_SIZE, "%s", live_models_wanted_path(s->models));
  carry->resuming = true;
  carry->lost_at  = clock_seconds();
  carry->n_xruns += live_report_xruns(s);
  carry->file_seconds += (double)done / s->plan.sample_rate;
  if (most != UINT64_MAX) {
    carry->left = (double)(most - done) / s->plan.sample_rate;
  }
}

/// Close the devices; those that do not close end with the process
static void
close_devices(LiveSession* const s, const int code)
{
  struct sigaction action;
  memset(&action, 0, sizeof(action));
  closing_code      = code;
  action.sa_handler = on_alarm;
  sigaction(SIGALRM, &action, NULL);
  alarm((unsigned)slow_closing);
  live_audio_end(s->audio);
  audio_end();
  alarm(0U);
}

/// Tell what was wrong with the file that played, once nobody reads it
static int
close_file(LiveSession* const s, const bool has_played)
{
  live_source_end(s->source);
  const int code = s->source && has_played ? sound_input_finish(&s->file) : 0;
  sound_input_close(&s->file);
  return code;
}

/// Play no more, and finish the recording before devices that may take for ever
/// to close
static int
end_recording(LiveSession* const s)
{
  if (s->sound) {
    atomic_store(&s->sound->shown.go, false);
  }

  const int code   = live_record_end(s->record);
  s->carry->failed = s->carry->failed || code;
  if (s->record && live_record_is_empty(s->record)) {
    s->carry->last_take = live_record_number(s->record) - 1U; // Is free again
    if (s->carry->has_played) {
      say_error(EXIT_OK,
                "no sound came to be recorded into \"%s\"",
                live_record_path(s->record));
    }
  }
  return code;
}

/**
   Close what is left open and return the exit code, `code` if that is none.

   The ring of the recording goes after the devices, since the audio thread may
   be writing into it.
*/
static int
close_all(LiveSession* const s, const int code)
{
  int result = code;
  close_devices(s, result);
  live_sound_free(s->sound);
  live_record_free(s->record);
  live_record_free(s->former);
  live_server_free(s->server);
  const int file = close_file(s, !code);
  result         = result ? result : file;
  live_models_free(s->models);
  presets_free(s->presets);
  return result;
}

static void
swallow(const char* const line)
{
  (void)line;
}

/// Tell that devices have returned, and where the recording goes on
static void
say_return(const LiveSession* const s)
{
  const double seconds = clock_seconds() - s->carry->lost_at;
  if (s->carry->resuming && s->record) {
    say_error(EXIT_OK,
              "sound again, after %.0f s, recording into \"%s\"",
              seconds,
              live_record_path(s->record));
  } else if (s->carry->resuming) {
    say_error(EXIT_OK, "sound again, after %.0f s", seconds);
  }
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
  // Threads that are left to the process's end still work with it then
  static LiveSession s;
  memset(&s, 0, sizeof(s));
  s.options = options;
  s.carry   = carry;
  live_signals_catch();

  // That it still does not work is told by who tries again
  say_to(carry->resuming ? swallow : NULL);
  int code = open_all(&s);
  say_to(NULL);
  if (code && carry->resuming) {
    (void)end_recording(&s); // Nothing was: the devices have not come back
    return EXIT_LOST;
  }

  if (!code) {
    say_return(&s);
    if (misses_model(&s)) { // Tells why
      (void)live_models_choose_named(s.models, carry->model, LIVE_WANTED);
    }
    carry->has_played = true;
    s.screen          = wants_screen(options) && live_screen_open();
    code              = live_loop(&s);
    live_screen_close();
    carry_on(&s);
  }

  const int recording = end_recording(&s);
  if (!code && options->json) {
    live_report_print(&s, true);
  }
  if (code == EXIT_LOST) {
    return code; // Devices that are gone are left to the process's end
  }

  return close_all(&s, code ? code : recording);
}
