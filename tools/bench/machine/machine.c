// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "bench/machine/machine.h"

#include "bench/machine/probe.h"
#include "host/clock.h"
#include "kernels/kernels.h"

#include <unistd.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/// Size of a cache in bytes, as the system tells it, else a common one
static double
cache_size(const size_t level)
{
  static const long common[BENCH_LEVELS] = {32768L, 524288L, 8388608L};
  long              size                 = 0L;
#ifdef _SC_LEVEL1_DCACHE_SIZE
  static const int names[BENCH_LEVELS] = {
    _SC_LEVEL1_DCACHE_SIZE, _SC_LEVEL2_CACHE_SIZE, _SC_LEVEL3_CACHE_SIZE};
  size = sysconf(names[level]);
#endif

  return (double)(size > 0L ? size : common[level]);
}

/// Floats that lie in one level and not in the one below
static size_t
working_set(const size_t level)
{
  const double half  = 0.5 * cache_size(level);
  const double below = level ? 4.0 * cache_size(level - 1U) : half;
  return (size_t)(fmin(half, below) / sizeof(float)) / 256U * 256U;
}

/// Bytes per nanosecond
static double
time_read(const BenchProbe* const probe, const float* const x, const size_t n)
{
  const size_t   repeats = 1U + ((size_t)1 << 21U) / n;
  volatile float sink    = probe->read(x, n); // Into the cache
  const double   start   = clock_seconds();
  for (size_t i = 0U; i < repeats; ++i) {
    sink = sink + probe->read(x, n);
  }

  const double n_bytes = (double)repeats * (double)n * sizeof(float);
  return n_bytes / ((clock_seconds() - start) * 1e9);
}

static double
time_multiply(const BenchProbe* const probe, const float* const x)
{
  const size_t   n     = 200000U;
  const double   start = clock_seconds();
  volatile float sink  = probe->multiply(x, n);
  (void)sink;
  return (double)n * probe->flops / ((clock_seconds() - start) * 1e9);
}

/// A GRU of one unit does nothing but wait for itself
static double
time_chain(const GrusKernels* const kernels, float* const zeros)
{
  enum { N_STEPS = 20000 };

  const size_t gates = (size_t)3 * GRUS_PAD;
  float* const y     = zeros;
  float* const a     = y + GRUS_PAD;
  float* const w     = a + gates;
  float* const b     = w + gates;
  float* const h     = b + gates;
  float* const c     = h + GRUS_PAD;

  const double start = clock_seconds();
  kernels->gru_sequence(y, 0U, a, 0U, w, b, h, c, N_STEPS, 1U, GRUS_PAD);
  return (clock_seconds() - start) * 1e9 / N_STEPS;
}

bool
bench_machine_round(BenchMachine* const machine)
{
  const BenchProbe* const probe = bench_probe(machine->kernels->name);
  const size_t            most  = working_set(BENCH_LEVELS - 1U);
  const size_t            size  = most * sizeof(float);
  float* const            x     = (float*)aligned_alloc(64U, size);
  if (!x) {
    return false;
  }

  memset(x, 0, size);
  for (size_t level = 0U; level < BENCH_LEVELS; ++level) {
    bench_rounds_add(&machine->read[level],
                     1.0 / time_read(probe, x, working_set(level)));
  }
  bench_rounds_add(&machine->multiply, 1.0 / time_multiply(probe, x));
  bench_rounds_add(&machine->chain, time_chain(machine->kernels, x));
  free(x);
  return true;
}

BenchLimits
bench_machine_limits(const BenchMachine* const machine)
{
  BenchLimits limits;
  for (size_t level = 0U; level < BENCH_LEVELS; ++level) {
    limits.read[level] = 1.0 / bench_rounds_best(&machine->read[level]);
  }
  limits.multiply = 1.0 / bench_rounds_best(&machine->multiply);
  limits.chain    = bench_rounds_best(&machine->chain);
  return limits;
}

double
bench_machine_floor(const BenchLimits* const limits,
                    const double             bytes,
                    const double             flops,
                    const double             chains)
{
  double left = bytes;
  double time = 0.0;
  for (size_t level = 0U; level < BENCH_LEVELS; ++level) {
    // What does not fit is read from the next level, at best the rest only
    const double here =
      level + 1U < BENCH_LEVELS ? fmin(left, cache_size(level)) : left;
    time += here / limits->read[level];
    left -= here;
  }

  return fmax(fmax(time, flops / limits->multiply), chains * limits->chain);
}
