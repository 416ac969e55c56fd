// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/audio/drift.h"

#include "grus/ring.h"

#include <samplerate.h>

#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 256 }; ///< Frames that are resampled at once

static const double margin       = 0.01;  ///< Seconds beyond the largest blocks
static const double most_seconds = 2.0;   ///< That may wait
static const double smoothing    = 1.0;   ///< Seconds over which to count
static const double loop_gain    = 0.2;   ///< Correction of a second's error
static const double loop_memory  = 0.01;  ///< Likewise, each second
static const double most         = 0.005; ///< Clocks differ by less

struct LiveDriftImpl {
  uint32_t         n_channels;
  uint32_t         input_rate;
  uint32_t         output_rate;
  GrusRing*        ring; ///< Interleaved frames at the input's rate
  _Atomic uint32_t largest_in;
  _Atomic uint32_t n_breaks;
  _Atomic float    ppm;
  _Atomic float    latency; ///< ms
  float*           pushed;  ///< (chunk, channels), thread of the input

  // Thread of the output
  SRC_STATE* resampler;
  float*     in;       ///< (chunk, channels), taken from the ring
  float*     out;      ///< (chunk, channels)
  uint32_t   n_in;     ///< Frames in `in` that are not used yet
  uint32_t   in_start; ///< The first of them
  uint32_t   largest_out;
  bool       runs;
  double     fill;   ///< Seconds in between, smoothed
  double     memory; ///< Of the loop: what the clocks differ by
};

static uint32_t
frame_size(const LiveDrift* const drift)
{
  return drift->n_channels * (uint32_t)sizeof(float);
}

LiveDrift*
live_drift_new(const uint32_t n_channels,
               const uint32_t input_rate,
               const uint32_t output_rate)
{
  LiveDrift* const drift = (LiveDrift*)calloc(1U, sizeof(LiveDrift));
  if (!drift) {
    return NULL;
  }

  const size_t n     = (size_t)CHUNK * n_channels;
  int          error = 0;
  drift->n_channels  = n_channels;
  drift->input_rate  = input_rate;
  drift->output_rate = output_rate;
  drift->ring =
    grus_ring_new((uint32_t)(most_seconds * input_rate) * frame_size(drift));
  drift->pushed    = (float*)calloc(n, sizeof(float));
  drift->in        = (float*)calloc(n, sizeof(float));
  drift->out       = (float*)calloc(n, sizeof(float));
  drift->resampler = src_new(SRC_SINC_MEDIUM_QUALITY, (int)n_channels, &error);
  if (!drift->ring || !drift->pushed || !drift->in || !drift->out ||
      !drift->resampler) {
    live_drift_free(drift);
    return NULL;
  }
  return drift;
}

void
live_drift_free(LiveDrift* const drift)
{
  if (drift) {
    if (drift->resampler) {
      src_delete(drift->resampler);
    }
    grus_ring_free(drift->ring);
    free(drift->out);
    free(drift->in);
    free(drift->pushed);
    free(drift);
  }
}

float
live_drift_ppm(const LiveDrift* const drift)
{
  return atomic_load_explicit(&drift->ppm, memory_order_relaxed);
}

float
live_drift_latency(const LiveDrift* const drift)
{
  return atomic_load_explicit(&drift->latency, memory_order_relaxed);
}

uint32_t
live_drift_breaks(const LiveDrift* const drift)
{
  return atomic_load_explicit(&drift->n_breaks, memory_order_relaxed);
}

static void
count_break(LiveDrift* const drift)
{
  atomic_fetch_add_explicit(&drift->n_breaks, 1U, memory_order_relaxed);
}

void
live_drift_push(LiveDrift* const          drift,
                const float* const* const in,
                const uint32_t            n_frames)
{
  const uint32_t width = drift->n_channels;
  if (n_frames >
      atomic_load_explicit(&drift->largest_in, memory_order_relaxed)) {
    atomic_store_explicit(&drift->largest_in, n_frames, memory_order_relaxed);
  }

  for (uint32_t done = 0U; done < n_frames;) {
    const uint32_t left = n_frames - done;
    const uint32_t n    = left < CHUNK ? left : CHUNK;
    for (uint32_t c = 0U; c < width; ++c) {
      for (uint32_t i = 0U; i < n; ++i) {
        drift->pushed[(i * width) + c] = in[c][done + i];
      }
    }
    if (!grus_ring_write(drift->ring, drift->pushed, n * frame_size(drift))) {
      count_break(drift); // The output has stopped
    }
    done += n;
  }
}

/// Return the seconds of sound that wait
static double
waiting(const LiveDrift* const drift)
{
  const uint32_t n =
    (grus_ring_read_space(drift->ring) / frame_size(drift)) + drift->n_in;
  return (double)n / drift->input_rate;
}

/// Return the seconds of sound that should wait when the output takes some
static double
target(const LiveDrift* const drift)
{
  const uint32_t in =
    atomic_load_explicit(&drift->largest_in, memory_order_relaxed);
  return ((double)in / drift->input_rate) +
         ((double)drift->largest_out / drift->output_rate) + margin;
}

/// Drop the oldest frames until as many wait as should
static void
drop_surplus(LiveDrift* const drift)
{
  const double surplus = waiting(drift) - target(drift);
  for (double done = 0.0; done < surplus;) {
    if (!grus_ring_read(drift->ring, drift->in, CHUNK * frame_size(drift))) {
      return;
    }
    drift->n_in = 0U;
    done += (double)CHUNK / drift->input_rate;
  }
}

/// Begin once enough frames wait; return whether it runs
static bool
begin(LiveDrift* const drift)
{
  if (!drift->runs && waiting(drift) >= target(drift)) {
    drop_surplus(drift);
    drift->fill = waiting(drift);
    drift->runs = true;
  }
  return drift->runs;
}

static double
limit(const double value)
{
  return fmin(fmax(value, -most), most);
}

/// Return the ratio of the rates that leads to the right number of frames
static double
steer(LiveDrift* const drift, const uint32_t n_frames)
{
  const double time   = (double)n_frames / drift->output_rate;
  const double weight = time / (smoothing + time);
  drift->fill += weight * (waiting(drift) - drift->fill);

  const double error  = drift->fill - target(drift);
  drift->memory       = limit(drift->memory + (loop_memory * error * time));
  const double excess = limit(drift->memory + (loop_gain * error));

  atomic_store_explicit(
    &drift->ppm, (float)(1e6 * drift->memory), memory_order_relaxed);
  atomic_store_explicit(
    &drift->latency, (float)(1e3 * drift->fill), memory_order_relaxed);
  return (double)drift->output_rate / drift->input_rate / (1.0 + excess);
}

/// Have frames in `in`, if there are any
static void
refill(LiveDrift* const drift)
{
  const uint32_t ready = grus_ring_read_space(drift->ring) / frame_size(drift);
  const uint32_t n     = ready < CHUNK ? ready : CHUNK;
  if (!drift->n_in) {
    (void)grus_ring_read(drift->ring, drift->in, n * frame_size(drift));
    drift->in_start = 0U;
    drift->n_in     = n;
  }
}

/// Resample into `out` and return the frames made, at most `n`
static uint32_t
resample(LiveDrift* const drift, const uint32_t n, const double ratio)
{
  SRC_DATA data = {0};
  refill(drift);
  data.data_in      = drift->in + ((size_t)drift->in_start * drift->n_channels);
  data.input_frames = (long)drift->n_in;
  data.data_out     = drift->out;
  data.output_frames = (long)n;
  data.src_ratio     = ratio;
  if (!drift->n_in || src_process(drift->resampler, &data)) {
    drift->n_in = 0U;
    return 0U;
  }

  drift->in_start += (uint32_t)data.input_frames_used;
  drift->n_in -= (uint32_t)data.input_frames_used;
  return (uint32_t)data.output_frames_gen;
}

/// Resample into planes and return the frames made
static uint32_t
pull_chunk(LiveDrift* const    drift,
           float* const* const out,
           const uint32_t      start,
           const uint32_t      most_frames,
           const double        ratio)
{
  const uint32_t n =
    resample(drift, most_frames < CHUNK ? most_frames : CHUNK, ratio);
  for (uint32_t c = 0U; c < drift->n_channels; ++c) {
    for (uint32_t i = 0U; i < n; ++i) {
      out[c][start + i] = drift->out[((size_t)i * drift->n_channels) + c];
    }
  }

  return n;
}

void
live_drift_pull(LiveDrift* const    drift,
                float* const* const out,
                const uint32_t      n_frames)
{
  if (n_frames > drift->largest_out) {
    drift->largest_out = n_frames;
  }

  uint32_t done = 0U;
  if (begin(drift)) {
    if (waiting(drift) > 0.5 * most_seconds) {
      drop_surplus(drift); // The output had stopped
      count_break(drift);
    }
    const double ratio = steer(drift, n_frames);
    while (done < n_frames &&
           (drift->n_in || grus_ring_read_space(drift->ring))) {
      done += pull_chunk(drift, out, done, n_frames - done, ratio);
    }
    if (done < n_frames) {
      count_break(drift); // The input has stopped: wait until it is back
      drift->runs = false;
    }
  }

  for (uint32_t c = 0U; c < drift->n_channels; ++c) {
    memset(out[c] + done, 0, (n_frames - done) * sizeof(float));
  }
}
