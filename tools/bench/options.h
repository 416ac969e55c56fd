// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_BENCH_OPTIONS_H
#define GRUS_TOOLS_BENCH_OPTIONS_H

#include "bench/measure/gru.h"
#include "bench/measure/peer.h"
#include "grus/grus.h"

#include <stdbool.h>
#include <stddef.h>

enum {
  BENCH_MAX_SIZES  = 64,
  BENCH_MAX_MODELS = 16,
};

/// What the command line asks for
typedef struct {
  GruSize     sizes[BENCH_MAX_SIZES];
  size_t      n_sizes;
  const char* paths[BENCH_MAX_MODELS];
  size_t      n_paths;
  const char* rtneural[BENCH_MAX_RTNEURAL]; ///< Programs
  size_t      n_rtneural;
  const char* kernels; ///< Null for all
  bool        pairs;   ///< Whether sizes that are named have two streams
  GrusStorage storage; ///< First storage that is measured
  GrusStorage last;    ///< Last storage that is measured
  bool        arrays;
  bool        quick;
  bool        json;
  bool        no_peer;
} BenchOptions;

/// Parse arguments; returns EXIT_OK, EXIT_USAGE or #COMMAND_LINE_HELP
int
bench_options_parse(BenchOptions* options, int argc, char** argv);

#endif // GRUS_TOOLS_BENCH_OPTIONS_H
