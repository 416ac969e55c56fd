// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/audio/guard.h"

#include <math.h>
#include <stdbool.h>

static const double window = 0.5;        ///< Seconds that are judged together,
                                         ///< of sound or of work
static const double most_busy    = 0.95; ///< Share of a window
static const double most_late    = 0.25; ///< Likewise
static const double first_pause  = 2.0;  ///< Seconds
static const double last_pause   = 60.0;
static const double listen_time  = 1.0;  ///< Longer than a network's warm-up
static const double trusted_time = 30.0; ///< After which pauses are short again

void
live_guard_start(LiveGuard* const guard)
{
  const LiveGuard fresh = {LIVE_CLEAN, 0U, 0.0, first_pause, 0.0, 0.0, 0.0};
  *guard                = fresh;
}

static void
clear_window(LiveGuard* const guard)
{
  guard->sound_time = 0.0;
  guard->busy_time  = 0.0;
  guard->late_time  = 0.0;
}

static bool
change(LiveGuard* const guard, const LiveState state)
{
  guard->state   = state;
  guard->seconds = 0.0;
  clear_window(guard);
  return true;
}

static bool
is_overloaded(LiveGuard* const guard)
{
  // A network that is far too much plays hardly any sound in that time
  if (guard->sound_time < window && guard->busy_time < window) {
    return false;
  }

  const bool overloaded = guard->busy_time > most_busy * guard->sound_time ||
                          guard->late_time > most_late * guard->sound_time;
  clear_window(guard);
  return overloaded;
}

static bool
note_rest(LiveGuard* const guard)
{
  if (guard->seconds < guard->pause) {
    return false;
  }

  guard->pause = fmin(2.0 * guard->pause, last_pause);
  return change(guard, LIVE_LISTEN);
}

bool
live_guard_note(LiveGuard* const guard,
                const double     sound_time,
                const double     busy_time)
{
  guard->seconds += sound_time;
  if (guard->state == LIVE_REST) {
    return note_rest(guard);
  }

  guard->sound_time += sound_time;
  guard->busy_time += busy_time;
  guard->late_time += busy_time > sound_time ? sound_time : 0.0;
  if (is_overloaded(guard)) {
    ++guard->n_rests;
    return change(guard, LIVE_REST);
  }
  if (guard->state == LIVE_LISTEN && guard->seconds >= listen_time) {
    return change(guard, LIVE_CLEAN);
  }
  if (guard->seconds >= trusted_time) {
    guard->pause = first_pause;
  }
  return false;
}
