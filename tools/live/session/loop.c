// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/session/loop.h"

#include "cli/say.h"
#include "host/clock.h"
#include "live/audio/sound.h"
#include "live/audio/streams.h"
#include "live/carry.h"
#include "live/control/server.h"
#include "live/disk/record.h"
#include "live/models.h"
#include "live/options.h"
#include "live/screen/screen.h"
#include "live/screen/status.h"
#include "live/session/keys.h"
#include "live/session/report.h"
#include "live/session/session.h"
#include "live/session/signals.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

static const double tick       = 0.05; ///< Seconds between looks at everything
static const double line_pause = 5.0;  ///< Seconds between lines of text
static const double json_pause = 1.0;
static const double stall      = 3.0; ///< Seconds without a block: it is lost

void
live_wait(const double seconds)
{
  const time_t          whole = (time_t)seconds;
  const struct timespec pause = {whole,
                                 (long)(1e9 * (seconds - (double)whole))};
  nanosleep(&pause, NULL);
}

static void
show_line(LiveSession* const s, const double now)
{
  const LiveOptions* const options = s->options;
  const double             pause   = options->json ? json_pause : line_pause;
  if ((options->json || !options->quiet) && now - s->shown >= pause) {
    s->shown = now;
    live_report_print(s, false);
  }
}

/// Let a time pass, in which commands are obeyed
static void
pass(const LiveSession* const s, const double seconds)
{
  if (s->server) {
    live_server_run(s->server, seconds);
  } else {
    live_wait(seconds);
  }
}

/// Show how it goes, and take keys, for the length of a tick
static void
show(LiveSession* const s, const double now)
{
  if (!atomic_load(&s->sound->shown.n_frames)) {
    pass(s, tick); // There is nothing to show yet
  } else if (s->screen) {
    LiveStatus status;
    pass(s, 0.0);
    live_report(s, &status);
    live_screen_draw(&status);
    live_keys_obey(s, live_screen_key(&status));
  } else {
    show_line(s, now);
    pass(s, tick);
  }
}

/// Once a second, look at what lies on the disk
static void
look_at_files(LiveSession* const s, const double now)
{
  if (now - s->looked < 1.0) {
    return;
  }

  s->looked = now;
  if (s->record) {
    (void)live_record_check(s->record);
  }
  if (s->options->watch) {
    live_models_watch(s->models);
  }
}

/// Whether the devices are gone, or do not call back any more
static bool
is_lost(LiveSession* const s, const double now)
{
  const uint64_t n_frames = atomic_load(&s->sound->shown.n_frames);
  if (n_frames != s->n_frames) {
    s->n_frames = n_frames;
    s->moved    = now;
  }
  return !live_audio_is_alive(s->audio) || now - s->moved > stall;
}

/// Whether all has been played that is to be played, and heard
static bool
has_ended(const LiveSession* const s)
{
  const double   rest = 1e-3 * live_audio_latency(s->audio);
  const uint64_t end  = live_sound_expected(s->sound);
  return end != UINT64_MAX && atomic_load(&s->sound->shown.n_finished) >= end &&
         (double)atomic_load(&s->sound->shown.n_frames) >=
           (double)end + (rest * s->plan.sample_rate);
}

int
live_loop(LiveSession* const s)
{
  for (double now = s->began; !live_signals_stopped(); now = clock_seconds()) {
    if (is_lost(s, now)) {
      return EXIT_LOST;
    }
    if (has_ended(s)) {
      return EXIT_OK;
    }
    live_models_collect(s->models);
    look_at_files(s, now);
    show(s, now);
  }

  return EXIT_OK;
}
