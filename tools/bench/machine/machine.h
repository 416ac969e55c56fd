// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file machine.h

   How fast this machine could be at best, measured: what no kernel passes.
*/

#ifndef GRUS_TOOLS_BENCH_MACHINE_MACHINE_H
#define GRUS_TOOLS_BENCH_MACHINE_MACHINE_H

#include "bench/measure/timing.h"
#include "kernels/kernels.h"

enum { BENCH_LEVELS = 3 }; ///< Caches that weights may lie in

/// Limits of one kernel variant on this machine
typedef struct {
  double read[BENCH_LEVELS]; ///< Bytes per nanosecond from L1, L2, L3
  double multiply;           ///< Operations per nanosecond
  double chain;              ///< Nanoseconds of the smallest step there is
} BenchLimits;

/// Measurement of the limits of one variant
typedef struct {
  const GrusKernels* kernels;
  BenchRounds        read[BENCH_LEVELS];
  BenchRounds        multiply;
  BenchRounds        chain;
} BenchMachine;

/// Measure for one more round; false without memory
bool
bench_machine_round(BenchMachine* machine);

/// Return what all rounds showed
BenchLimits
bench_machine_limits(const BenchMachine* machine);

/// Return the least nanoseconds of `chains` waits, one after the other, that
/// read `bytes` of weights and do `flops` operations
double
bench_machine_floor(const BenchLimits* limits,
                    double             bytes,
                    double             flops,
                    double             chains);

#endif // GRUS_TOOLS_BENCH_MACHINE_MACHINE_H
