// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_LIVE_CARRY_H
#define GRUS_TOOLS_LIVE_CARRY_H

#include "files/output.h"
#include "grus/grus.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EXIT_LOST = 3 }; ///< The devices are gone

enum { LIVE_PATH_SIZE = 4096 }; ///< Of paths that are carried on

/// What goes on from one session to the next when devices are gone and return
typedef struct {
  bool         resuming;              ///< There was a session before
  bool         has_played;            ///< This session came to play
  float        params[GRUS_N_PARAMS]; ///< NaN where nothing is to be set
  char         model[LIVE_PATH_SIZE]; ///< Path, empty for the first
  size_t       preset; ///< Index of the preset, SIZE_MAX for none
  char         record[LIVE_PATH_SIZE]; ///< Path of takes, empty for none
  OutputPolicy policy;                 ///< For the take
  unsigned     last_take;              ///< Number of the file recorded into
  int          control;                ///< Socket that listens, -1 for none
  bool         failed;                 ///< A recording could not be finished
  double       lost_at;                ///< By the clock
  double       left; ///< Seconds to go then, infinite for no end
  uint64_t     n_xruns;
  double       file_seconds; ///< Of a file that plays, done so far
} LiveCarry;

#endif // GRUS_TOOLS_LIVE_CARRY_H
