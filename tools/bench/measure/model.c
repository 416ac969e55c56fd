// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "bench/measure/model.h"

#include "base/random.h"
#include "bench/measure/timing.h"
#include "grus/grus.h"
#include "host/clock.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

const uint32_t bench_model_blocks[BENCH_BLOCKS] = {32U, 64U, 480U};

enum {
  FACTOR_BLOCK = 480,   ///< Frames of a callback when the factor is measured
  N_FRAMES     = 48000, ///< That are processed in each round
};

/// A block of noise for all channels
typedef struct {
  float    samples[FACTOR_BLOCK];
  float    result[GRUS_MAX_CHANNELS][FACTOR_BLOCK];
  uint32_t seed;
} Noise;

static void
fill(Noise* const noise, const uint32_t n)
{
  for (uint32_t i = 0U; i < n; ++i) {
    noise->samples[i] = 0.5f * grus_random_noise(&noise->seed);
  }
}

/// Return the seconds of one callback
static double
time_block(const ModelRun* const run,
           GrusStream* const     stream,
           Noise* const          noise,
           const uint32_t        n)
{
  const float* in[GRUS_MAX_CHANNELS];
  float*       out[GRUS_MAX_CHANNELS];
  for (uint32_t c = 0U; c < run->n_channels; ++c) {
    in[c]  = noise->samples;
    out[c] = noise->result[c];
  }

  fill(noise, n);
  const double start = clock_seconds();
  grus_stream_process(stream, in, out, n);
  return clock_seconds() - start;
}

static void
time_factor(ModelRun* const run, GrusStream* const stream, Noise* const noise)
{
  const double rate    = grus_model_info(run->model)->sample_rate;
  double       seconds = 0.0;
  grus_stream_reset(stream);
  for (uint32_t done = 0U; done < N_FRAMES; done += FACTOR_BLOCK) {
    seconds += time_block(run, stream, noise, FACTOR_BLOCK);
  }
  bench_rounds_add(&run->factor, seconds * rate / N_FRAMES);
}

/// The callbacks of a second or so, each at its shortest
typedef struct {
  double worst; ///< Seconds, negative without memory
  double mean;  ///< Seconds
} Callbacks;

static Callbacks
measure_callbacks(const ModelRun* const run,
                  GrusStream* const     stream,
                  Noise* const          noise,
                  const uint32_t        block,
                  const uint32_t        n_rounds)
{
  const size_t  n         = N_FRAMES / block / 4U;
  double* const least     = (double*)calloc(n, sizeof(double));
  Callbacks     callbacks = {least ? 0.0 : -1.0, 0.0};
  for (uint32_t round = 0U; least && round < n_rounds; ++round) {
    grus_stream_reset(stream);
    for (size_t i = 0U; i < n; ++i) {
      const double seconds = time_block(run, stream, noise, block);
      least[i]             = round ? fmin(least[i], seconds) : seconds;
    }
  }
  for (size_t i = 0U; least && i < n; ++i) {
    callbacks.worst = fmax(callbacks.worst, least[i]);
    callbacks.mean += least[i] / (double)n;
  }

  free(least);
  return callbacks;
}

static bool
time_callbacks(ModelRun* const   run,
               GrusStream* const stream,
               Noise* const      noise,
               const uint32_t    n_rounds)
{
  bool ok = true;
  for (size_t i = 0U; i < BENCH_BLOCKS && ok; ++i) {
    const Callbacks callbacks =
      measure_callbacks(run, stream, noise, bench_model_blocks[i], n_rounds);
    run->worst[i] = callbacks.worst;
    ok            = callbacks.worst >= 0.0;
  }
  for (unsigned even = 0U; even < 2U && ok; ++even) {
    grus_stream_set_param(stream, GRUS_PARAM_EVEN_LOAD, (float)even);
    const Callbacks callbacks =
      measure_callbacks(run, stream, noise, bench_model_blocks[0], n_rounds);
    run->peak[even] = callbacks.worst / callbacks.mean;
    ok              = callbacks.worst >= 0.0;
  }

  return ok;
}

bool
model_run_round(ModelRun* const run, const uint32_t n_rounds)
{
  const uint32_t         rate   = grus_model_info(run->model)->sample_rate;
  const GrusStreamConfig config = {rate, run->n_channels, run->kernels};
  GrusStream*            stream = NULL;
  GrusMessage            message;
  Noise* const           noise = (Noise*)calloc(1U, sizeof(Noise));
  bool ok = noise && !grus_stream_new(run->model, &config, &stream, &message);
  if (ok) {
    // Callbacks have rounds of their own, which need not take turns
    time_factor(run, stream, noise);
    ok = run->factor.n > 1U || time_callbacks(run, stream, noise, n_rounds);
  }

  grus_stream_free(stream);
  free(noise);
  return ok;
}
