// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file session.h

   `grus live` from the opening of the devices to their end.
*/

#ifndef GRUS_TOOLS_LIVE_SESSION_SESSION_H
#define GRUS_TOOLS_LIVE_SESSION_SESSION_H

#include "grus/slot.h"
#include "host/presets.h"
#include "live/audio/sound.h"
#include "live/audio/streams.h"
#include "live/carry.h"
#include "live/control/server.h"
#include "live/disk/record.h"
#include "live/disk/source.h"
#include "live/models.h"
#include "live/options.h"
#include "sound/input.h"

#include <stdbool.h>
#include <stdint.h>

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
  LiveRecord*        former; ///< Ended, but perhaps not let go of; or null
  LiveServer*        server; ///< Who obeys commands, null for nobody
  LiveSound*         sound;
  LiveAudio*         audio;
  double             began;    ///< By the clock
  double             shown;    ///< When the status was last shown
  double             looked;   ///< When files were last looked at
  double             moved;    ///< When the sound last went on
  uint64_t           n_frames; ///< Played by then
  bool               screen;   ///< The terminal is taken
} LiveSession;

/**
   Play until the end, a signal, or the loss of the devices.

   Must run in a process of its own: after a loss the audio libraries may hang
   when they are closed, so they are left to the end of the process.

   @return EXIT_OK, EXIT_FAILED, EXIT_USAGE or EXIT_LOST.
*/
int
live_session(const LiveOptions* options, LiveCarry* carry);

#endif // GRUS_TOOLS_LIVE_SESSION_SESSION_H
