// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_BENCH_REPORT_H
#define GRUS_TOOLS_BENCH_REPORT_H

#include "bench/machine/machine.h"
#include "bench/measure/arrays.h"
#include "bench/measure/gru.h"
#include "bench/measure/model.h"
#include "bench/measure/peer.h"
#include "bench/measure/timing.h"
#include "grus/grus.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  BENCH_MAX_VARIANTS = 8, ///< More than any processor runs
  BENCH_MAX_ARRAYS   = 6,
};

/// One size on every variant, and on each peer
typedef struct {
  GruSize     size;
  GrusStorage storage;
  BenchRounds times[BENCH_MAX_VARIANTS];
  double      errors[BENCH_MAX_VARIANTS];
  BenchRounds peers[BENCH_N_PEERS];
  BenchRounds with_output[BENCH_MAX_VARIANTS]; ///< And a linear layer
  BenchRounds rtneural[BENCH_MAX_RTNEURAL];    ///< The same in RTNeural
} GruResult;

/// A model on every variant, with one and with two channels
typedef struct {
  const char* path;
  ModelRun    runs[BENCH_MAX_VARIANTS][2];
} ModelResult;

/// What was measured of one size of arrays, on the first variant
typedef struct {
  ArraysSize  size;
  BenchRounds times;
  BenchRounds peer;
} ArraysResult;

/// Everything that was measured
typedef struct {
  size_t       n_variants;
  BenchMachine machine[BENCH_MAX_VARIANTS];
  size_t       n_sizes;
  GruResult*   sizes;
  size_t       n_models;
  ModelResult* models;
  size_t       n_arrays;
  ArraysResult arrays[BENCH_MAX_ARRAYS];
  bool         wants_peers;          ///< Whether they were to be run
  const char*  peers[BENCH_N_PEERS]; ///< Names, null where there is none
  size_t       n_rtneural;
  const char*  rtneural[BENCH_MAX_RTNEURAL]; ///< What each calls itself
  uint32_t     n_error_steps;
  bool         pinned;
} BenchReport;

/// Print tables on stdout
void
bench_report_text(const BenchReport* report);

/// Print JSON on stdout; EXIT_OK, or EXIT_FAILED after telling why
int
bench_report_json(const BenchReport* report);

#endif // GRUS_TOOLS_BENCH_REPORT_H
