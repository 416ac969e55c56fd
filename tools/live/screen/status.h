// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_LIVE_SCREEN_STATUS_H
#define GRUS_TOOLS_LIVE_SCREEN_STATUS_H

#include "grus/grus.h"
#include "live/audio/plan.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Everything that is shown about sound that runs
typedef struct {
  const LivePlan* plan;
  const char*     input;  ///< What plays
  const char*     output; ///< Who listens
  const char*     model;
  const char*     loading;        ///< The model that comes next, or null
  const char*     preset;         ///< Null for none
  bool            preset_changed; ///< A parameter is not as the preset has it
  const char*     record;         ///< Null for none
  float           params[GRUS_N_PARAMS];
  float           meters[GRUS_N_METERS];
  double          seconds;          ///< Of sound
  double          recorded_seconds; ///< In the file
  double          engine_latency;   ///< ms
  double          device_latency;   ///< ms
  double          load;             ///< Share of the time
  double          worst_load;       ///< Of one block
  double          drift;            ///< Of two clocks, millionths
  uint32_t        block;            ///< Frames
  uint64_t        n_xruns;
  uint64_t        n_dropped; ///< Frames that could not be recorded
  uint64_t        n_missing; ///< Frames that a file did not give in time
  uint32_t        n_rests;   ///< How often the machine could not keep up
  bool            resting;
  bool            ended; ///< This is the last that is told
} LiveStatus;

/// Return a line of JSON in ASCII, to be freed; null without memory
char*
live_status_text(const LiveStatus* status);

/// Write one line for people
void
live_status_describe(const LiveStatus* status, char* text, size_t size);

/// Write a parameter's value as people say it, like "24 dB" and "Removed"
void
live_status_value(uint32_t param, float value, char* text, size_t size);

/// Print a line of JSON
void
live_status_json(const LiveStatus* status);

/// Print a line of text
void
live_status_line(const LiveStatus* status);

#endif // GRUS_TOOLS_LIVE_SCREEN_STATUS_H
