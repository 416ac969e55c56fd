// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What the audio thread may call: nothing here allocates, locks, waits, logs or
// calls the system

#include "channel.h"
#include "denormals.h"
#include "grus.h"
#include "mix.h"
#include "params.h"
#include "resampler.h"
#include "stream_impl.h"

#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Loudest sound that a network is given; front ends square it twice
static const float max_amplitude = 1000.0f;

/// Resample from the network's rate behind the frames that wait
static size_t
push_up(GrusStream* const       stream,
        const uint32_t          channel,
        const GrusMemory* const memory,
        const float* const      in,
        const size_t            n)
{
  return grus_resampler_process(stream->up,
                                channel,
                                memory->history_up,
                                stream->progress.n_up,
                                in,
                                n,
                                memory->waiting + stream->progress.n_waiting);
}

/// Start the second resampler with the zeros that align its output
static void
push_padding(GrusStream* const stream)
{
  size_t n_out = 0U;
  memset(stream->wet, 0, stream->padding * sizeof(float));
  for (uint32_t c = 0U; c < stream->n_channels; ++c) {
    const GrusMemory memory = grus_stream_memory(stream, c);
    n_out = push_up(stream, c, &memory, stream->wet, stream->padding);
  }

  stream->progress.n_up      = stream->padding;
  stream->progress.n_waiting = (uint32_t)n_out;
}

void
grus_stream_reset(GrusStream* const stream)
{
  memset(stream->memory.base,
         0,
         stream->n_channels * stream->memory_size * sizeof(float));
  memset(&stream->progress, 0, sizeof(stream->progress));
  stream->progress.fresh = true;
  atomic_store_explicit(&stream->activity, 0.0f, memory_order_relaxed);
  if (stream->down) {
    grus_resampler_reset(stream->down);
    grus_resampler_reset(stream->up);
    push_padding(stream);
  }
}

void
grus_stream_set_param(GrusStream* const stream,
                      const GrusParam   param,
                      const float       value)
{
  const GrusParamInfo* const info = grus_param_info((uint32_t)param);
  if (info && !isnan(value)) {
    const float v = fminf(fmaxf(value, info->minimum), info->maximum);
    atomic_store_explicit(&stream->params[param],
                          info->type == GRUS_PARAM_FLOAT ? v : roundf(v),
                          memory_order_relaxed);
  }
}

float
grus_stream_param(const GrusStream* const stream, const GrusParam param)
{
  return (uint32_t)param < GRUS_N_PARAMS
           ? atomic_load_explicit(&stream->params[param], memory_order_relaxed)
           : 0.0f;
}

float
grus_stream_activity(const GrusStream* const stream)
{
  return atomic_load_explicit(&stream->activity, memory_order_relaxed);
}

uint32_t
grus_stream_faults(const GrusStream* const stream)
{
  return atomic_load_explicit(&stream->n_faults, memory_order_relaxed);
}

/// Return whether all samples are finite: x - x is NaN for any that is not
static bool
is_finite(const float* const x, const size_t n)
{
  float sum = 0.0f;
  for (size_t i = 0U; i < n; ++i) {
    sum += x[i] - x[i];
  }

  return sum == 0.0f;
}

/// Give the last `latency` inputs away and keep these instead
static void
delay(const GrusStream* const stream,
      float* const            ring,
      const float* const      in,
      float* const            out,
      const size_t            n)
{
  const size_t size  = stream->latency;
  size_t       index = size ? (size_t)(stream->progress.n_in % size) : 0U;

  if (!size) {
    memcpy(out, in, n * sizeof(float));
    return;
  }
  for (size_t i = 0U; i < n; ++i) {
    const float x = in[i]; // May be out[i]
    out[i]        = ring[index];
    ring[index]   = x;
    index         = index + 1U == size ? 0U : index + 1U;
  }
}

/// What a chunk adds to the stream's counts, the same for every channel
typedef struct {
  size_t n_network;
  size_t n_up;
} Advance;

/// Network at the stream's own rate; the result is in stream->wet
static Advance
run_native(GrusStream* const       stream,
           const GrusMemory* const memory,
           const size_t            n,
           float* const            activity)
{
  const Advance advance = {n, 0U};

  grus_channel_process(stream->channel,
                       memory->network,
                       stream->progress.n_network,
                       stream->input,
                       stream->wet,
                       n,
                       activity);
  return advance;
}

/// Network between two resamplers; the result is in stream->wet
static Advance
run_resampled(GrusStream* const       stream,
              const uint32_t          channel,
              const GrusMemory* const memory,
              const size_t            n,
              float* const            activity)
{
  Advance advance = {0U, 0U};

  advance.n_network = grus_resampler_process(stream->down,
                                             channel,
                                             memory->history_down,
                                             stream->progress.n_in,
                                             stream->input,
                                             n,
                                             stream->network_in);
  grus_channel_process(stream->channel,
                       memory->network,
                       stream->progress.n_network,
                       stream->network_in,
                       stream->wet,
                       advance.n_network,
                       activity);
  advance.n_up =
    push_up(stream, channel, memory, stream->wet, advance.n_network);

  const size_t n_waiting = stream->progress.n_waiting + advance.n_up;
  memcpy(stream->wet, memory->waiting, n * sizeof(float));
  memmove(
    memory->waiting, memory->waiting + n, (n_waiting - n) * sizeof(float));
  return advance;
}

/// Copy a chunk of input, limited to what a network can bear
static void
take_input(GrusStream* const stream, const float* const in, const size_t n)
{
  for (size_t i = 0U; i < n; ++i) {
    stream->input[i] = fminf(fmaxf(in[i], -max_amplitude), max_amplitude);
  }
}

/// Process one channel of a chunk; false if the network gave no finite sound
static bool
process_channel(GrusStream* const  stream,
                const uint32_t     channel,
                const float* const in,
                float* const       out,
                const size_t       n,
                Advance* const     advance,
                float* const       activity)
{
  const GrusMemory memory = grus_stream_memory(stream, channel);

  take_input(stream, in, n);
  delay(stream, memory.delay, in, stream->dry, n);
  *advance = stream->down ? run_resampled(stream, channel, &memory, n, activity)
                          : run_native(stream, &memory, n, activity);
  for (size_t i = 0U; i < n; ++i) {
    out[i] = (stream->wet[i] * stream->ramp_wet[i]) +
             (stream->dry[i] * stream->ramp_dry[i]);
  }

  return is_finite(stream->wet, n);
}

static bool
process_chunk(GrusStream* const         stream,
              const float* const* const in,
              float* const* const       out,
              const uint32_t            offset,
              const uint32_t            n)
{
  GrusProgress* const progress = &stream->progress;
  Advance             advance  = {0U, 0U};
  float               loudest  = -1.0f;
  bool                ok       = true;

  grus_mix_ramp(&progress->mix, stream->ramp_wet, stream->ramp_dry, n);
  for (uint32_t c = 0U; c < stream->n_channels; ++c) {
    float activity = -1.0f;
    ok =
      process_channel(
        stream, c, in[c] + offset, out[c] + offset, n, &advance, &activity) &&
      ok;
    loudest = fmaxf(loudest, activity);
  }

  progress->n_in += n;
  progress->n_network += advance.n_network;
  if (stream->down) {
    progress->n_up += advance.n_network;
    progress->n_waiting += (uint32_t)advance.n_up - n;
  }
  if (loudest >= 0.0f) {
    atomic_store_explicit(&stream->activity, loudest, memory_order_relaxed);
  }
  return ok;
}

/// Start a ramp if parameters have changed since the last block
static void
update_mix(GrusStream* const stream)
{
  const GrusMixSettings settings = {
    grus_stream_param(stream, GRUS_PARAM_ENABLED) > 0.5f,
    grus_stream_param(stream, GRUS_PARAM_LISTEN) > 0.5f,
    grus_stream_param(stream, GRUS_PARAM_REDUCTION),
  };

  grus_mix_update(&stream->progress.mix,
                  &settings,
                  stream->progress.fresh ? 0U : stream->sample_rate / 50U);
  stream->progress.fresh = false;
}

/// Turn a block that cannot be processed into silence, and start anew
static void
fail_block(GrusStream* const   stream,
           float* const* const out,
           const uint32_t      n_frames)
{
  for (uint32_t c = 0U; c < stream->n_channels; ++c) {
    memset(out[c], 0, n_frames * sizeof(float));
  }

  grus_stream_reset(stream);
  atomic_fetch_add_explicit(&stream->n_faults, 1U, memory_order_relaxed);
}

static bool
process_block(GrusStream* const         stream,
              const float* const* const in,
              float* const* const       out,
              const uint32_t            n_frames)
{
  for (uint32_t c = 0U; c < stream->n_channels; ++c) {
    if (!is_finite(in[c], n_frames)) {
      return false;
    }
  }

  bool ok = true;
  update_mix(stream);
  for (uint32_t done = 0U; done < n_frames && ok;) {
    const uint32_t left = n_frames - done;
    const uint32_t n    = left < GRUS_CHUNK ? left : GRUS_CHUNK;
    ok                  = process_chunk(stream, in, out, done, n);
    done += n;
  }
  return ok;
}

void
grus_stream_process(GrusStream* const         stream,
                    const float* const* const in,
                    float* const* const       out,
                    const uint32_t            n_frames)
{
  if (n_frames) {
    const GrusFloatMode mode = grus_denormals_off();
    if (!process_block(stream, in, out, n_frames)) {
      fail_block(stream, out, n_frames);
    }
    grus_denormals_restore(mode);
  }
}
