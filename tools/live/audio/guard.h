// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file guard.h

   Whether the machine keeps up with the sound, and what to do where it does
   not: rest, listen again after a pause, and go on once that goes well.  Pauses
   grow as long as it does not.  Belongs to the audio thread.
*/

#ifndef GRUS_TOOLS_LIVE_AUDIO_GUARD_H
#define GRUS_TOOLS_LIVE_AUDIO_GUARD_H

#include "grus/attributes.h"

#include <stdbool.h>
#include <stdint.h>

/// What the guard allows
typedef enum {
  LIVE_CLEAN,  ///< The network runs and is heard
  LIVE_REST,   ///< The network does not run
  LIVE_LISTEN, ///< The network runs and is not heard yet
} LiveState;

/// How the last blocks went
typedef struct {
  LiveState state;
  uint32_t  n_rests;    ///< How often it had to rest
  double    seconds;    ///< In this state so far
  double    pause;      ///< Length of the next rest
  double    sound_time; ///< Of the blocks of this window, seconds of sound
  double    busy_time;  ///< What they took
  double    late_time;  ///< Sound of those that took longer than they last
} LiveGuard;

/// Start with a network that is heard
void
live_guard_start(LiveGuard* guard);

/**
   Note that a block of `sound_time` seconds took `busy_time`.

   @return Whether the state changed.
*/
GRUS_REALTIME bool
live_guard_note(LiveGuard* guard, double sound_time, double busy_time);

#endif // GRUS_TOOLS_LIVE_AUDIO_GUARD_H
