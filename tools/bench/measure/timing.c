// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#define _GNU_SOURCE // For the affinity of a process

#include "bench/measure/timing.h"

#include <sched.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

bool
bench_pin(void)
{
#ifdef __linux__
  const int core = sched_getcpu();
  cpu_set_t set;
  CPU_ZERO(&set);
  if (core >= 0) {
    CPU_SET((size_t)core, &set);
  }
  return core >= 0 && !sched_setaffinity(0, sizeof(set), &set);
#else
  return false;
#endif
}

void
bench_rounds_add(BenchRounds* const rounds, const double time)
{
  if (rounds->n < BENCH_MAX_ROUNDS) {
    rounds->times[rounds->n++] = time;
  }
}

double
bench_rounds_best(const BenchRounds* const rounds)
{
  double best = (double)INFINITY;
  for (size_t i = 0U; i < rounds->n; ++i) {
    best = fmin(best, rounds->times[i]);
  }

  return best;
}

static int
compare(const void* const a, const void* const b)
{
  const double x = *(const double*)a;
  const double y = *(const double*)b;
  return (x > y) - (x < y);
}

double
bench_rounds_median(const BenchRounds* const rounds)
{
  const size_t n = rounds->n;
  double       sorted[BENCH_MAX_ROUNDS];
  if (!n) {
    return (double)INFINITY;
  }

  memcpy(sorted, rounds->times, n * sizeof(double));
  qsort(sorted, n, sizeof(double), compare);
  return 0.5 * (sorted[(n - 1U) / 2U] + sorted[n / 2U]);
}
