// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file timing.h

   Times that mean something on a machine that does other things too: what is
   compared takes turns on one core, and the best and the median of all rounds
   are told.
*/

#ifndef GRUS_TOOLS_BENCH_MEASURE_TIMING_H
#define GRUS_TOOLS_BENCH_MEASURE_TIMING_H

#include <stdbool.h>
#include <stddef.h>

enum { BENCH_MAX_ROUNDS = 32 };

/// Times of the same work
typedef struct {
  size_t n;
  double times[BENCH_MAX_ROUNDS];
} BenchRounds;

/// Keep this process on the core it runs on; false if the system cannot
bool
bench_pin(void);

/// Add the time of one more round; those beyond the last place are dropped
void
bench_rounds_add(BenchRounds* rounds, double time);

/// Return the shortest time, infinity for no rounds
double
bench_rounds_best(const BenchRounds* rounds);

/// Return the median time, infinity for no rounds
double
bench_rounds_median(const BenchRounds* rounds);

#endif // GRUS_TOOLS_BENCH_MEASURE_TIMING_H
