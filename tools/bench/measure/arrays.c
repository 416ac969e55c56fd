// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "bench/measure/arrays.h"

#include "base/random.h"
#include "grus/grus.h"
#include "host/clock.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

struct BenchArraysImpl {
  GrusGru*    gru;
  GrusGruCall call;
  float*      input; ///< (steps, batch, hidden)
};

static size_t
n_numbers(const ArraysSize size)
{
  return (size_t)BENCH_ARRAYS_STEPS * size.batch * size.hidden;
}

static GrusGru*
new_gru(const ArraysSize size, const char* const kernels)
{
  GrusGru*      gru    = NULL;
  GrusGruConfig config = grus_gru_config_default(size.hidden, size.hidden);
  config.kernels       = kernels;
  if (!grus_gru_new(&config, &gru, NULL)) {
    grus_gru_init_weights(gru, 1U);
  }

  return gru;
}

static void
fill(float* const x, const size_t n)
{
  uint32_t seed = 1U;
  for (size_t i = 0U; i < n; ++i) {
    x[i] = grus_random_noise(&seed);
  }
}

BenchArrays*
bench_arrays_new(const ArraysSize size, const char* const kernels)
{
  const size_t       n        = n_numbers(size);
  const size_t       n_states = (size_t)size.batch * size.hidden;
  BenchArrays* const arrays   = (BenchArrays*)calloc(1U, sizeof(BenchArrays));
  if (!arrays) {
    return NULL;
  }

  arrays->gru              = new_gru(size, kernels);
  arrays->input            = (float*)malloc(n * sizeof(float));
  arrays->call.output      = malloc(n * sizeof(float));
  arrays->call.output_size = n;
  arrays->call.h_n         = malloc(n_states * sizeof(float));
  arrays->call.h_n_size    = n_states;
  arrays->call.input       = arrays->input;
  arrays->call.input_shape =
    (GrusShape){3U, {BENCH_ARRAYS_STEPS, size.batch, size.hidden}};
  if (!arrays->gru || !arrays->input || !arrays->call.output ||
      !arrays->call.h_n) {
    bench_arrays_free(arrays);
    return NULL;
  }

  fill(arrays->input, n);
  return arrays;
}

void
bench_arrays_free(BenchArrays* const arrays)
{
  if (arrays) {
    free(arrays->call.h_n);
    free(arrays->call.output);
    free(arrays->input);
    grus_gru_free(arrays->gru);
    free(arrays);
  }
}

double
bench_arrays_time(BenchArrays* const arrays)
{
  const double start = clock_seconds();
  return grus_gru_forward(arrays->gru, &arrays->call, NULL)
           ? (double)INFINITY
           : (clock_seconds() - start) * 1e9 / BENCH_ARRAYS_STEPS;
}
