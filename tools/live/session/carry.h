// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_LIVE_SESSION_CARRY_H
#define GRUS_TOOLS_LIVE_SESSION_CARRY_H

#include "grus/grus.h"

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
  bool     failed;                ///< A recording could not be finished
  double   lost_at;               ///< By the clock
  double   left;                  ///< Seconds to go then, infinite for no end
  uint64_t n_xruns;
  double   file_seconds; ///< Of a file that plays, done so far
} LiveCarry;

#endif // GRUS_TOOLS_LIVE_SESSION_CARRY_H
