// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "arena.h"
#include "channel.h"
#include "denormals.h"
#include "front_end.h"
#include "grus.h"
#include "kernels.h"
#include "message.h"
#include "mix.h"
#include "model.h"
#include "resampler.h"
#include "stream_impl.h"

#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// Loudest sound that a network is given; front ends square it twice
static const float max_amplitude = 1000.0f;

/// Most samples that the wet path waits for the dry one to be whole frames late
enum { MAX_PADDING = 512 };

static const GrusKernels*
find_kernels(const char* const name)
{
  for (const GrusKernels* const* k = grus_kernels_supported(); *k; ++k) {
    if (!name || !strcmp((*k)->name, name)) {
      return *k;
    }
  }

  return NULL;
}

const char*
grus_kernels_name(const uint32_t index)
{
  const GrusKernels* const* const all = grus_kernels_supported();
  uint32_t                        n   = 0U;
  while (all[n]) {
    ++n;
  }

  return index < n ? all[index]->name : NULL;
}

static GrusMemory
place_memory(const GrusStream* const stream, GrusArena* const arena)
{
  GrusMemory m = {NULL, NULL, NULL, NULL, NULL};

  m.network = grus_arena_take(arena, grus_channel_state_size(stream->channel));
  m.delay   = grus_arena_take(arena, stream->latency);
  if (stream->down) {
    m.history_down =
      grus_arena_take(arena, grus_resampler_history_size(stream->down));
    m.history_up =
      grus_arena_take(arena, grus_resampler_history_size(stream->up));
    m.waiting = grus_arena_take(arena, stream->waiting_size);
  }
  return m;
}

GrusMemory
grus_stream_memory(const GrusStream* const stream, const uint32_t channel)
{
  GrusArena arena = {stream->memory.base + (channel * stream->memory_size), 0U};
  return place_memory(stream, &arena);
}

static size_t
max_size(const size_t a, const size_t b)
{
  return a > b ? a : b;
}

static void
place_scratch(GrusStream* const stream)
{
  GrusArena* const a    = &stream->scratch;
  size_t           most = GRUS_CHUNK; // At either rate, whichever has more
  if (stream->down) {
    most = max_size(most, grus_resampler_most_out(stream->down, GRUS_CHUNK));
    most = max_size(most, stream->padding);
  }

  stream->input      = grus_arena_take(a, GRUS_CHUNK);
  stream->network_in = grus_arena_take(a, most);
  stream->wet        = grus_arena_take(a, most);
  stream->dry        = grus_arena_take(a, GRUS_CHUNK);
}

/**
   Choose how many zeros go ahead of the second resampler, so that the whole
   delay is a whole number of frames, or as near as that many zeros come.

   Samples of the network's rate are worth sample_rate / network_rate frames.
*/
static void
align_latency(GrusStream* const stream)
{
  const double   ratio = (double)stream->sample_rate / stream->network_rate;
  const uint32_t delay =
    grus_channel_latency(stream->channel) + grus_resampler_delay(stream->up);
  double best = 1.0;

  for (uint32_t padding = 0U; padding < MAX_PADDING && best > 1e-6; ++padding) {
    const double frames = (delay + padding) * ratio;
    const double error  = fabs(frames - round(frames));
    if (error < best - 1e-9) {
      best            = error;
      stream->padding = padding;
      stream->latency =
        grus_resampler_delay(stream->down) + (uint32_t)lround(frames);
    }
  }
}

static bool
make_resamplers(GrusStream* const stream)
{
  stream->down = grus_resampler_new(
    stream->n_channels, stream->sample_rate, stream->network_rate);
  stream->up = grus_resampler_new(
    stream->n_channels, stream->network_rate, stream->sample_rate);
  if (!stream->down || !stream->up) {
    return false;
  }

  align_latency(stream);
  stream->waiting_size =
    GRUS_CHUNK +
    grus_resampler_most_out(
      stream->up,
      stream->padding + grus_resampler_most_out(stream->down, GRUS_CHUNK));
  return true;
}

static bool
make_stages(GrusStream* const stream)
{
  stream->channel =
    grus_channel_new(stream->model, stream->kernels, stream->network_rate);
  if (!stream->channel) {
    return false;
  }

  stream->latency = grus_channel_latency(stream->channel);
  if (stream->network_rate != stream->sample_rate && !make_resamplers(stream)) {
    return false;
  }

  GrusArena measure = {NULL, 0U};
  place_memory(stream, &measure);
  stream->memory_size = measure.used;
  stream->memory.used = measure.used * stream->n_channels;
  place_scratch(stream);
  if (!grus_arena_alloc(&stream->memory) ||
      !grus_arena_alloc(&stream->scratch)) {
    return false;
  }

  place_scratch(stream);
  return true;
}

static GrusStatus
check_config(const GrusStreamConfig* const config, GrusMessage* const message)
{
  if (config->sample_rate < GRUS_MIN_SAMPLE_RATE ||
      config->sample_rate > GRUS_MAX_SAMPLE_RATE) {
    return grus_fail(message,
                     GRUS_ERR_BAD_ARG,
                     "sample rate %u Hz is not between %d and %d Hz",
                     config->sample_rate,
                     GRUS_MIN_SAMPLE_RATE,
                     GRUS_MAX_SAMPLE_RATE);
  }
  if (!config->n_channels || config->n_channels > GRUS_MAX_CHANNELS) {
    return grus_fail(message,
                     GRUS_ERR_BAD_ARG,
                     "%u channels are not between 1 and %d",
                     config->n_channels,
                     GRUS_MAX_CHANNELS);
  }
  if (!find_kernels(config->kernels)) {
    return grus_fail(message,
                     GRUS_ERR_BAD_ARG,
                     "kernels \"%.32s\" are unknown or not for this processor",
                     config->kernels);
  }

  return GRUS_SUCCESS;
}

/// The rate a network runs at: the stream's own if its frames allow
static uint32_t
network_rate(const GrusModel* const model, const uint32_t sample_rate)
{
  return model->info.kind == GRUS_KIND_FRAME &&
             grus_framer_supports(model, sample_rate)
           ? sample_rate
           : model->info.sample_rate;
}

GrusStatus
grus_stream_new(const GrusModel* const        model,
                const GrusStreamConfig* const config,
                GrusStream** const            stream,
                GrusMessage* const            message)
{
  const GrusStatus st = check_config(config, message);
  if (st) {
    return st;
  }

  GrusStream* const s = (GrusStream*)calloc(1U, sizeof(GrusStream));
  if (s) {
    s->model        = model;
    s->kernels      = find_kernels(config->kernels);
    s->sample_rate  = config->sample_rate;
    s->network_rate = network_rate(model, config->sample_rate);
    s->n_channels   = config->n_channels;
  }
  if (!s || !make_stages(s)) {
    grus_stream_free(s);
    return grus_fail(message,
                     GRUS_ERR_NO_MEM,
                     "no memory for a stream of %u channels",
                     config->n_channels);
  }

  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    atomic_init(&s->params[i], grus_param_info(i)->initial);
  }
  grus_stream_reset(s);
  *stream = s;
  return GRUS_SUCCESS;
}

void
grus_stream_free(GrusStream* const stream)
{
  if (stream) {
    free(stream->scratch.base);
    free(stream->memory.base);
    grus_resampler_free(stream->up);
    grus_resampler_free(stream->down);
    grus_channel_free(stream->channel);
    free(stream);
  }
}

uint32_t
grus_stream_latency(const GrusStream* const stream)
{
  return stream->latency;
}

uint32_t
grus_stream_network_rate(const GrusStream* const stream)
{
  return stream->network_rate;
}

const char*
grus_stream_kernels(const GrusStream* const stream)
{
  return stream->kernels->name;
}

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
