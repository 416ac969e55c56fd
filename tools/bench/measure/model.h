// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file model.h

   A whole model, as a host runs it: how much faster than real time, and how
   long the longest callback takes.
*/

#ifndef GRUS_TOOLS_BENCH_MEASURE_MODEL_H
#define GRUS_TOOLS_BENCH_MEASURE_MODEL_H

#include "bench/measure/timing.h"
#include "grus/grus.h"

#include <stdbool.h>
#include <stdint.h>

enum { BENCH_BLOCKS = 3 }; ///< Block sizes that callbacks are timed at

/// Those block sizes, in frames
extern const uint32_t bench_model_blocks[BENCH_BLOCKS];

/// One model on one kernel variant with one number of channels
typedef struct {
  const GrusModel* model;
  const char*      kernels;
  uint32_t         n_channels;
  BenchRounds      factor;              ///< Seconds for a second of sound
  double           worst[BENCH_BLOCKS]; ///< Seconds of the longest callback
  double           peak[2]; ///< Longest over mean callback, shortest blocks,
                            ///< without and with an even load
} ModelRun;

/**
   Run for one more round; false without memory.

   A callback is as long as it was in the fastest of `n_rounds` rounds, since
   the system interrupts any of them.
*/
bool
model_run_round(ModelRun* run, uint32_t n_rounds);

#endif // GRUS_TOOLS_BENCH_MEASURE_MODEL_H
