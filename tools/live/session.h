// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file session.h

   `grus live` from the opening of the devices to their end.
*/

#ifndef GRUS_TOOLS_LIVE_SESSION_H
#define GRUS_TOOLS_LIVE_SESSION_H

#include "grus/grus.h"
#include "live/options.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EXIT_LOST = 3 }; ///< The devices are gone

/// What goes on from one session to the next when devices are gone and return
typedef struct {
  bool     resuming;              ///< There was a session before
  bool     has_played;            ///< This session came to play
  float    params[GRUS_N_PARAMS]; ///< NaN where nothing is to be set
  size_t   model;                 ///< Index of the model
  size_t   preset;                ///< Index of the preset, SIZE_MAX for none
  unsigned last_take;             ///< Number of the file recorded into
  double   lost_at;               ///< By the clock
  double   end;                   ///< Likewise, infinite for never
  uint64_t n_xruns;
  double   file_seconds; ///< Of a file that plays, done so far
} LiveCarry;

/**
   Play until the end, a signal, or the loss of the devices.

   Must run in a process of its own: after a loss the audio libraries may hang
   when they are closed, so they are left to the end of the process.

   @return EXIT_OK, EXIT_FAILED, EXIT_USAGE or EXIT_LOST.
*/
int
live_session(const LiveOptions* options, LiveCarry* carry);

#endif // GRUS_TOOLS_LIVE_SESSION_H
