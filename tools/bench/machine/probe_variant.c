// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Compiled once for each instruction set, which the build names

#include "bench/machine/probe.h"

#include GRUS_PROBE_VECTORS

#include <stddef.h>

/// Independent chains: enough to hide the latency of an addition
enum { CHAINS = 8 };

static float
sum_of(const Vec* const chains)
{
  Vec sum = chains[0];
  for (size_t i = 1U; i < CHAINS; ++i) {
    sum = vec_add(sum, chains[i]);
  }

  return vec_sum(sum);
}

static float
read_all(const float* const x, const size_t n)
{
  Vec sum[CHAINS];
  for (size_t v = 0U; v < CHAINS; ++v) {
    sum[v] = vec_splat(0.0f);
  }
  for (size_t i = 0U; i < n; i += CHAINS * VEC_LEN) {
    _Pragma("GCC unroll 8") for (size_t v = 0U; v < CHAINS; ++v)
    {
      sum[v] = vec_add(sum[v], vec_load(x + i + (v * VEC_LEN)));
    }
  }

  return sum_of(sum);
}

static float
multiply(const float* const x, const size_t n)
{
  const Vec factor = vec_load(x);
  Vec       sum[CHAINS];
  for (size_t v = 0U; v < CHAINS; ++v) {
    sum[v] = vec_load(x + (v * VEC_LEN));
  }
  for (size_t i = 0U; i < n; ++i) {
    _Pragma("GCC unroll 8") for (size_t v = 0U; v < CHAINS; ++v)
    {
      sum[v] = vec_madd(sum[v], factor, factor);
    }
  }

  return sum_of(sum);
}

const BenchProbe GRUS_PROBE = {GRUS_PROBE_NAME,
                               read_all,
                               multiply,
                               2.0 * CHAINS* VEC_LEN};
