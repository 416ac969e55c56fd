// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "base/arena.h"
#include "base/message.h"
#include "frames/inference.h"
#include "grus/grus.h"
#include "kernels/kernels.h"
#include "model/model.h"
#include "stft/stft.h"
#include "stream/instance.h"
#include "stream/resampler.h"

#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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

static void
place_memory(GrusStream* const stream)
{
  GrusArena* const arena = &stream->memory;
  for (uint32_t c = 0U; c < stream->n_channels; ++c) {
    GrusMemory* const memory = &stream->channel_memory[c];

    grus_inference_place_memory(stream->inference, c, arena);
    memory->delay = grus_arena_take(arena, stream->latency[1]);
    if (stream->down) {
      memory->history_down =
        grus_arena_take(arena, grus_resampler_history_size(stream->down));
      memory->history_up =
        grus_arena_take(arena, grus_resampler_history_size(stream->up));
      memory->waiting = grus_arena_take(arena, stream->waiting_size);
    }
  }
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
    most = max_size(most, max_size(stream->padding[0], stream->padding[1]));
  }

  stream->input = grus_arena_take(a, GRUS_CHUNK);
  for (uint32_t c = 0U; c < stream->n_channels; ++c) {
    stream->network_in[c] = grus_arena_take(a, most);
    stream->wet[c]        = grus_arena_take(a, most);
    stream->dry[c]        = grus_arena_take(a, GRUS_CHUNK);
  }
}

/**
   Choose how many zeros go ahead of the second resampler, so that the whole
   delay is a whole number of frames, or as near as that many zeros come.

   Samples of the network's rate are worth sample_rate / network_rate frames.
*/
static void
align_latency(GrusStream* const stream, const bool even)
{
  const double   ratio = (double)stream->sample_rate / stream->network_rate;
  const uint32_t delay = grus_inference_latency(stream->inference, even) +
                         grus_resampler_delay(stream->up);
  double best = 1.0;

  for (uint32_t padding = 0U; padding < MAX_PADDING && best > 1e-6; ++padding) {
    const double frames = (delay + padding) * ratio;
    const double error  = fabs(frames - round(frames));
    if (error < best - 1e-9) {
      best                  = error;
      stream->padding[even] = padding;
      stream->latency[even] =
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

  align_latency(stream, false);
  align_latency(stream, true);
  stream->waiting_size =
    GRUS_CHUNK + grus_resampler_most_out(
                   stream->up,
                   max_size(stream->padding[0], stream->padding[1]) +
                     grus_resampler_most_out(stream->down, GRUS_CHUNK));
  return true;
}

static bool
make_stages(GrusStream* const stream)
{
  stream->inference = grus_inference_new(
    stream->model, stream->kernels, stream->network_rate, stream->n_channels);
  if (!stream->inference) {
    return false;
  }

  stream->latency[0] = grus_inference_latency(stream->inference, false);
  stream->latency[1] = grus_inference_latency(stream->inference, true);
  if (stream->network_rate != stream->sample_rate && !make_resamplers(stream)) {
    return false;
  }

  place_memory(stream);
  place_scratch(stream);
  if (!grus_arena_alloc(&stream->memory) ||
      !grus_arena_alloc(&stream->scratch)) {
    return false;
  }

  place_memory(stream);
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
             grus_stft_supports(model, sample_rate)
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
  atomic_init(&s->block, 0U);
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
    grus_inference_free(stream->inference);
    free(stream);
  }
}

const GrusModel*
grus_stream_model(const GrusStream* const stream)
{
  return stream->model;
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
