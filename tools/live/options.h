// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_LIVE_OPTIONS_H
#define GRUS_TOOLS_LIVE_OPTIONS_H

#include "files/output.h"
#include "grus/grus.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { LIVE_MAX_MODELS = 16 }; ///< That can be named

/// What the command line of `grus live` asks for
typedef struct {
  const char*  input;   ///< Null for the default
  const char*  output;  ///< Null for the default
  const char*  file;    ///< Null for a microphone
  const char*  record;  ///< Null for none
  const char*  control; ///< Path of a socket, null for none
  OutputPolicy record_policy;
  const char*  preset;                  ///< Null for none
  const char*  kernels;                 ///< Null for the best
  const char*  models[LIVE_MAX_MODELS]; ///< None for the default
  size_t       n_models;
  float        params[GRUS_N_PARAMS]; ///< NaN for the default
  uint32_t     sample_rate;           ///< 0 for the default
  uint32_t     block;                 ///< 0 for the device's
  uint32_t     n_channels;            ///< 0 for the device's
  double       duration;              ///< Seconds, 0 for ever
  bool         json;
  bool         plain; ///< Lines even on a terminal
  bool         quiet;
  bool         verbose;
  bool         watch;
  bool         pipewire_config; ///< Print it, and no more
  bool         install;         ///< Where PipeWire looks, instead of printing
  bool         remove;          ///< From there
} LiveOptions;

/// Parse arguments; returns EXIT_OK, EXIT_USAGE or #COMMAND_LINE_HELP
int
live_options_parse(LiveOptions* options, int argc, char** argv);

#endif // GRUS_TOOLS_LIVE_OPTIONS_H
