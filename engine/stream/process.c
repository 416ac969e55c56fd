// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What the audio thread may call: nothing here allocates, locks, waits, logs or
// calls the system

#include "base/denormals.h"
#include "frames/inference.h"
#include "grus/grus.h"
#include "grus/params.h"
#include "stream/instance.h"
#include "stream/levels.h"
#include "stream/mix.h"
#include "stream/resampler.h"
#include "stream/settings.h"

#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Loudest sound that a network is given; front ends square it twice
static const float max_amplitude = 1000.0f;

/// How long a parameter takes to change, in parts of a second
enum { RAMP_PARTS = 50 };

/// Resample from the network's rate behind the frames that wait
static size_t
push_up(GrusStream* const  stream,
        const uint32_t     channel,
        const float* const in,
        const size_t       n)
{
  const GrusMemory* const memory = &stream->channel_memory[channel];
  return grus_resampler_process(stream->up,
                                channel,
                                memory->history_up,
                                stream->position.n_up,
                                in,
                                n,
                                memory->waiting + stream->position.n_waiting);
}

/// Start the second resampler with the zeros that align its output
static void
push_padding(GrusStream* const stream)
{
  const uint32_t padding = stream->padding[stream->position.even];
  size_t         n_out   = 0U;
  for (uint32_t c = 0U; c < stream->n_channels; ++c) {
    memset(stream->wet[c], 0, padding * sizeof(float));
    n_out = push_up(stream, c, stream->wet[c], padding);
  }

  stream->position.n_up      = padding;
  stream->position.n_waiting = (uint32_t)n_out;
}

void
grus_stream_reset(GrusStream* const stream)
{
  memset(stream->memory.base, 0, stream->memory.used * sizeof(float));
  memset(&stream->position, 0, sizeof(stream->position));
  memset(&stream->levels, 0, sizeof(stream->levels));
  stream->position.fresh = true;
  for (uint32_t i = 0U; i < GRUS_N_METERS; ++i) {
    atomic_store_explicit(
      &stream->meters[i], grus_meter_info(i)->initial, memory_order_relaxed);
  }
  if (stream->down) {
    grus_resampler_reset(stream->down);
    grus_resampler_reset(stream->up);
  }
}

/// Return whether all samples are finite: x - x is NaN for any that is not
static bool
is_finite(const float* const x, const size_t n)
{
  enum { N_SUMS = 16 }; // Side by side, as a compiler must not reorder them

  float  sums[N_SUMS] = {0.0f};
  float  sum          = 0.0f;
  size_t i            = 0U;
  for (; i + N_SUMS <= n; i += N_SUMS) {
    for (size_t k = 0U; k < N_SUMS; ++k) {
      sums[k] += x[i + k] - x[i + k];
    }
  }
  for (; i < n; ++i) {
    sum += x[i] - x[i];
  }
  for (size_t k = 0U; k < N_SUMS; ++k) {
    sum += sums[k];
  }

  return sum == 0.0f;
}

/// Give the last inputs away and keep these instead
static void
delay(const GrusStream* const stream,
      float* const            ring,
      const float* const      in,
      float* const            out,
      const size_t            n)
{
  const size_t size  = stream->latency[stream->position.even];
  size_t       index = size ? (size_t)(stream->position.n_in % size) : 0U;

  if (!size) {
    memcpy(out, in, n * sizeof(float));
    return;
  }
  for (size_t done = 0U; done < n;) {
    const size_t left    = n - done;
    const size_t n_piece = left < size - index ? left : size - index;
    memcpy(out + done, ring + index, n_piece * sizeof(float));
    memcpy(ring + index, in + done, n_piece * sizeof(float));
    index = (index + n_piece) % size;
    done += n_piece;
  }
}

/// Copy a chunk of input with its gain, limited to what a network can bear
static void
take_input(GrusStream* const stream, const float* const in, const size_t n)
{
  const float* const factor = stream->ramp[GRUS_FACTOR_INPUT];
  for (size_t i = 0U; i < n; ++i) {
    const float x     = in[i] * factor[i]; // fminf() would be a call
    const float above = x > -max_amplitude ? x : -max_amplitude;
    stream->input[i]  = above < max_amplitude ? above : max_amplitude;
  }
}

/// Bring a chunk of one channel to the network; return how many samples it is
static size_t
feed_channel(GrusStream* const  stream,
             const uint32_t     channel,
             const float* const in,
             const size_t       n)
{
  const GrusMemory* const memory = &stream->channel_memory[channel];

  take_input(stream, in, n);
  delay(stream, memory->delay, in, stream->dry[channel], n);
  if (!stream->down) {
    memcpy(stream->network_in[channel], stream->input, n * sizeof(float));
    return n;
  }
  return grus_resampler_process(stream->down,
                                channel,
                                memory->history_down,
                                stream->position.n_in,
                                stream->input,
                                n,
                                stream->network_in[channel]);
}

/// Bring what the network gave to the stream's rate; return how much that is
static size_t
fetch_channel(GrusStream* const stream,
              const uint32_t    channel,
              const size_t      n_network,
              const size_t      n)
{
  const GrusMemory* const memory = &stream->channel_memory[channel];
  float* const            wet    = stream->wet[channel];
  const size_t            n_up   = push_up(stream, channel, wet, n_network);
  const size_t            n_left = stream->position.n_waiting + n_up - n;

  memcpy(wet, memory->waiting, n * sizeof(float));
  memmove(memory->waiting, memory->waiting + n, n_left * sizeof(float));
  return n_up;
}

/// Run the network over a chunk of all channels
static void
run_network(GrusStream* const stream, const size_t n_network)
{
  const GrusInferenceMode mode     = grus_stream_mode(stream);
  float                   activity = -1.0f;
  const float*            in[GRUS_MAX_CHANNELS];

  for (uint32_t c = 0U; c < stream->n_channels; ++c) {
    in[c] = stream->network_in[c];
  }
  const GrusBlock block = {
    in, stream->wet, n_network, stream->position.n_network};
  grus_inference_process(stream->inference, &mode, &block, &activity);
  if (activity >= 0.0f) {
    atomic_store_explicit(
      &stream->meters[GRUS_METER_ACTIVITY], activity, memory_order_relaxed);
  }
}

static void
mix_channel(GrusStream* const stream,
            const uint32_t    channel,
            float* const      out,
            const size_t      n)
{
  const float* const wet = stream->wet[channel];
  const float* const dry = stream->dry[channel];

  for (size_t i = 0U; i < n; ++i) {
    out[i] = (wet[i] * stream->ramp[GRUS_FACTOR_WET][i]) +
             (dry[i] * stream->ramp[GRUS_FACTOR_DRY][i]);
  }
  stream->levels.dry_energy += grus_levels_energy(dry, n);
  stream->levels.wet_energy += grus_levels_energy(wet, n);
}

static bool
process_chunk(GrusStream* const         stream,
              const float* const* const in,
              float* const* const       out,
              const uint32_t            offset,
              const uint32_t            n)
{
  GrusPosition* const position  = &stream->position;
  size_t              n_network = 0U;
  size_t              n_up      = n;
  bool                ok        = true;

  grus_mix_ramp(&position->mix, stream->ramp, n);
  for (uint32_t c = 0U; c < stream->n_channels; ++c) {
    n_network = feed_channel(stream, c, in[c] + offset, n);
  }
  run_network(stream, n_network);
  for (uint32_t c = 0U; c < stream->n_channels; ++c) {
    if (stream->down) {
      n_up = fetch_channel(stream, c, n_network, n);
    }
    ok = is_finite(stream->wet[c], n) && ok;
    mix_channel(stream, c, out[c] + offset, n);
  }

  position->n_in += n;
  position->n_network += n_network;
  if (stream->down) {
    position->n_up += n_network;
    position->n_waiting += (uint32_t)n_up - n;
  }
  return ok;
}

/// Apply the parameters that can change only at the start of a stream
static void
start_stream(GrusStream* const stream, const bool even)
{
  stream->position.even = even;
  if (stream->down) {
    push_padding(stream);
  }
}

/// Start a ramp if parameters have changed since the last block
static void
update_mix(GrusStream* const stream)
{
  const GrusMixSettings settings = {
    grus_stream_is_on(stream, GRUS_PARAM_ENABLED),
    grus_stream_is_on(stream, GRUS_PARAM_LISTEN),
    grus_stream_param(stream, GRUS_PARAM_REDUCTION),
    grus_stream_param(stream, GRUS_PARAM_INPUT_GAIN),
    grus_stream_param(stream, GRUS_PARAM_OUTPUT_GAIN),
  };

  grus_mix_update(&stream->position.mix,
                  &settings,
                  stream->position.fresh ? 0U
                                         : stream->sample_rate / RAMP_PARTS);
  stream->position.fresh = false;
}

/// Show the levels of a block
static void
show_levels(GrusStream* const stream)
{
  const GrusLevels* const levels = &stream->levels;
  const bool  enabled = grus_stream_is_on(stream, GRUS_PARAM_ENABLED);
  const float most =
    enabled ? grus_stream_param(stream, GRUS_PARAM_REDUCTION) : 0.0f;

  atomic_store_explicit(&stream->meters[GRUS_METER_REDUCTION],
                        fminf(grus_levels_reduction(levels), most),
                        memory_order_relaxed);
  atomic_store_explicit(&stream->meters[GRUS_METER_INPUT_LEVEL],
                        grus_levels_decibels(levels->input_peak),
                        memory_order_relaxed);
  atomic_store_explicit(&stream->meters[GRUS_METER_OUTPUT_LEVEL],
                        grus_levels_decibels(levels->output_peak),
                        memory_order_relaxed);
}

/// Turn a block that cannot be processed into silence, and start anew
static void
fail_block(GrusStream* const   stream,
           float* const* const out,
           const uint32_t      n_frames)
{
  const bool even = stream->position.even;
  for (uint32_t c = 0U; c < stream->n_channels; ++c) {
    memset(out[c], 0, n_frames * sizeof(float));
  }

  // The latency stays
  grus_stream_reset(stream);
  start_stream(stream, even);
  update_mix(stream);
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
  grus_levels_fade(&stream->levels, n_frames, stream->sample_rate);
  for (uint32_t c = 0U; c < stream->n_channels; ++c) {
    grus_levels_peak(&stream->levels.input_peak, in[c], n_frames);
  }
  for (uint32_t done = 0U; done < n_frames && ok;) {
    const uint32_t left = n_frames - done;
    const uint32_t n    = left < GRUS_CHUNK ? left : GRUS_CHUNK;
    ok                  = process_chunk(stream, in, out, done, n);
    done += n;
  }
  for (uint32_t c = 0U; ok && c < stream->n_channels; ++c) {
    grus_levels_peak(&stream->levels.output_peak, out[c], n_frames);
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
    if (stream->position.fresh) {
      start_stream(stream, grus_stream_wants_even_load(stream));
    }
    if (!process_block(stream, in, out, n_frames)) {
      fail_block(stream, out, n_frames);
    }
    show_levels(stream);
    grus_denormals_restore(mode);
  }
}
