// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_RENDER_OPTIONS_H
#define GRUS_TOOLS_RENDER_OPTIONS_H

#include "files/output.h"
#include "grus/grus.h"
#include "sound/format.h"
#include "sound/input.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BATCH_MAX_INCLUDE = 32 }; ///< Patterns

/// What it asks for if there are many files
typedef struct {
  const char*  folder; ///< Of all outputs; null if there is one file
  char* const* inputs; ///< Files and folders
  size_t       n_inputs;
  char* const* arguments; ///< Of the command line, those before the inputs
  size_t       n_arguments;
  const char*  list;    ///< A file that names more, "-", or null
  const char*  report;  ///< Null for none
  const char*  journal; ///< Null for that in the folder
  const char*  include[BATCH_MAX_INCLUDE];
  size_t       n_include;
  uint32_t     jobs; ///< 0 for as many as there are cores
  bool         recursive;
  bool         dry_run;
} BatchOptions;

/// What the command line of `grus render` asks for
typedef struct {
  const char*  in;                    ///< Null if there are many
  const char*  out;                   ///< Likewise
  const char*  model;                 ///< Null for the default
  const char*  kernels;               ///< Null for the best
  GrusStorage  storage;               ///< How to store the model's weights
  const char*  preset;                ///< Null for none
  const char*  format;                ///< Null for the ending's or the input's
  const char*  bits;                  ///< Null for the input's
  const char*  picture;               ///< Null for none
  const char*  activity;              ///< Null for none
  OutputPolicy policy;                ///< Of all that is written
  float        params[GRUS_N_PARAMS]; ///< NaN for the default
  float        quality;               ///< 0 to 1, NaN for the default
  uint32_t     rate;                  ///< Of the output, 0 for the input\'s
  uint32_t     block;                 ///< 0 for the default
  uint32_t     warm_up;               ///< Milliseconds
  uint32_t     track; ///< Sound track of the input, 0 for the default
  RawFormat    raw;
  BatchOptions batch;
  bool         json;
  bool         quiet;
} RenderOptions;

enum {
  RENDER_MAX_WARM_UP = 10000, ///< Milliseconds
  RENDER_MOST_TRACKS = 1000,  ///< Far more than files have
};

/// Return what is asked of the output's format
SoundFormatWish
render_options_wish(const RenderOptions* options);

/// Parse arguments; returns EXIT_OK, EXIT_USAGE or #COMMAND_LINE_HELP
int
render_options_parse(RenderOptions* options, int argc, char** argv);

#endif // GRUS_TOOLS_RENDER_OPTIONS_H
