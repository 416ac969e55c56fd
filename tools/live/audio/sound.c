// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/audio/sound.h"

#include "grus/grus.h"
#include "grus/ring.h"
#include "grus/slot.h"
#include "live/audio/guard.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const float fade_seconds = 0.02f; ///< Between dry and clean sound

/// Make planes out of one piece of memory and return what is behind them
static float*
divide(float* memory, float** const planes, const size_t n, const size_t size)
{
  for (size_t i = 0U; i < n; ++i) {
    planes[i] = memory;
    memory += size;
  }

  return memory;
}

/// Two seconds or more: longer than any latency
static uint32_t
delay_size(const uint32_t sample_rate)
{
  uint32_t size = 4U * LIVE_CHUNK;
  while (size < 2U * sample_rate) {
    size *= 2U;
  }

  return size;
}

LiveSound*
live_sound_new(const LiveSoundConfig* const config)
{
  const size_t     n     = config->n_channels;
  const uint32_t   size  = delay_size(config->sample_rate);
  LiveSound* const sound = (LiveSound*)calloc(1U, sizeof(LiveSound));
  float* const     memory =
    (float*)calloc(n * (size + (5U * LIVE_CHUNK)), sizeof(float));
  if (!sound || !memory) {
    free(memory);
    free(sound);
    return NULL;
  }

  float* rest       = divide(memory, sound->delay, n, size);
  rest              = divide(rest, sound->dry, n, LIVE_CHUNK);
  rest              = divide(rest, sound->aligned, n, LIVE_CHUNK);
  sound->frames     = divide(rest, sound->clean, n, LIVE_CHUNK);
  sound->config     = *config;
  sound->delay_size = size;
  sound->mix        = 1.0f;
  sound->mix_step   = 1.0f / (fade_seconds * (float)config->sample_rate);
  live_guard_start(&sound->guard);
  atomic_init(&sound->recording, config->recording);
  return sound;
}

void
live_sound_free(LiveSound* const sound)
{
  if (sound) {
    free(sound->delay[0]);
    free(sound);
  }
}

bool
live_sound_record(LiveSound* const sound, GrusRing* const recording)
{
  static const struct timespec pause = {0, 1000000};

  // A block that began before is over once the count has changed
  atomic_store(&sound->recording, recording);
  const uint64_t n = atomic_load(&sound->shown.n_frames);
  for (int i = 0; i < 1000 && atomic_load(&sound->shown.n_frames) == n; ++i) {
    nanosleep(&pause, NULL);
  }
  return atomic_load(&sound->shown.n_frames) != n;
}

void
live_sound_count_xrun(LiveSound* const sound)
{
  atomic_fetch_add_explicit(&sound->shown.n_xruns, 1U, memory_order_relaxed);
}

static void
deinterleave(float* const* const planes,
             const float* const  frames,
             const size_t        n_channels,
             const size_t        n)
{
  for (size_t c = 0U; c < n_channels; ++c) {
    for (size_t i = 0U; i < n; ++i) {
      planes[c][i] = frames[(i * n_channels) + c];
    }
  }
}

uint64_t
live_sound_expected(const LiveSound* const sound)
{
  const LiveSoundConfig* const config = &sound->config;
  const uint64_t               n =
    config->n_expected
                    ? atomic_load_explicit(config->n_expected, memory_order_acquire)
                    : UINT64_MAX;
  return n < config->n_most ? n : config->n_most;
}

/// Return how many of `n` frames there are to take
static uint32_t
wanted(const LiveSound* const sound, const uint32_t n)
{
  const uint64_t left = live_sound_expected(sound) - sound->n_taken;
  return n < left ? n : (uint32_t)left;
}

/// Take what the source has, and silence for the rest
static void
take_source(LiveSound* const sound, const uint32_t n)
{
  const LiveSoundConfig* const config = &sound->config;
  const uint32_t size  = config->n_channels * (uint32_t)sizeof(float);
  const uint32_t most  = wanted(sound, n);
  const uint32_t ready = grus_ring_read_space(config->source) / size;
  const uint32_t count = most < ready ? most : ready;

  memset(sound->frames, 0, (size_t)n * size);
  (void)grus_ring_read(config->source, sound->frames, count * size);
  deinterleave(sound->dry, sound->frames, config->n_channels, n);

  sound->n_taken += count;
  if (count < most) {
    atomic_fetch_add_explicit(
      &sound->shown.n_missing, most - count, memory_order_relaxed);
  }
}

/// Take what comes in from `start` on, and silence behind the end
static void
take_input(LiveSound* const          sound,
           const float* const* const in,
           const uint32_t            start,
           const uint32_t            n)
{
  const uint32_t count = wanted(sound, n);
  for (uint32_t c = 0U; c < sound->config.n_channels; ++c) {
    memcpy(sound->dry[c], in[c] + start, count * sizeof(float));
    memset(sound->dry[c] + count, 0, (n - count) * sizeof(float));
  }

  sound->n_taken += count;
}

/// Put the dry sound into the delay lines and get it as late as the clean one
static void
align(LiveSound* const sound, const uint32_t n, const uint32_t latency)
{
  const uint32_t mask = sound->delay_size - 1U;
  const uint32_t most = sound->delay_size - n;
  const uint32_t lag  = latency < most ? latency : most;
  for (uint32_t c = 0U; c < sound->config.n_channels; ++c) {
    float* const line = sound->delay[c];
    for (uint32_t i = 0U; i < n; ++i) {
      line[(sound->delay_head + i) & mask] = sound->dry[c][i];
    }
    for (uint32_t i = 0U; i < n; ++i) {
      sound->aligned[c][i] = line[(sound->delay_head + i - lag) & mask];
    }
  }

  sound->delay_head += n;
}

/// Go from clean to dry sound or back, as the guard demands
static void
mix(LiveSound* const sound, const uint32_t n)
{
  const bool is_clean = sound->guard.state == LIVE_CLEAN;
  if (is_clean && sound->mix == 1.0f) {
    return;
  }

  const float step = is_clean ? sound->mix_step : -sound->mix_step;
  for (uint32_t i = 0U; i < n; ++i) {
    const float next = sound->mix + step;
    sound->mix       = next < 0.0f ? 0.0f : next > 1.0f ? 1.0f : next;
    for (uint32_t c = 0U; c < sound->config.n_channels; ++c) {
      const float dry    = sound->aligned[c][i];
      sound->clean[c][i] = dry + (sound->mix * (sound->clean[c][i] - dry));
    }
  }
}

static bool
network_runs(const LiveSound* const sound)
{
  return sound->guard.state != LIVE_REST || sound->mix > 0.0f;
}

/// Clean a chunk, or leave it as it is where the machine cannot
static void
clean(LiveSound* const sound, const uint32_t n)
{
  const LiveSoundConfig* const config = &sound->config;

  const float* in[GRUS_MAX_CHANNELS];
  memcpy(in, sound->dry, sizeof(in));
  if (network_runs(sound)) {
    grus_slot_process(config->slot, in, sound->clean, n);
  }

  const GrusStream* const stream = grus_slot_stream(config->slot);
  align(sound, n, grus_stream_latency(stream));
  if (!network_runs(sound)) {
    for (uint32_t c = 0U; c < config->n_channels; ++c) {
      memcpy(sound->clean[c], sound->aligned[c], n * sizeof(float));
    }
  }
  mix(sound, n);
}

/// Offer frames from `first` on to whoever records
static void
record(LiveSound* const sound,
       GrusRing* const  recording,
       const uint32_t   first,
       const uint32_t   n)
{
  const uint32_t n_channels = sound->config.n_channels;
  const uint32_t width      = 2U * n_channels;
  for (uint32_t c = 0U; c < n_channels; ++c) {
    for (uint32_t i = 0U; i < n; ++i) {
      float* const frame    = sound->frames + ((size_t)i * width);
      frame[c]              = sound->aligned[c][first + i];
      frame[n_channels + c] = sound->clean[c][first + i];
    }
  }

  const uint32_t size = n * width * (uint32_t)sizeof(float);
  if (!grus_ring_write(recording, sound->frames, size)) {
    atomic_fetch_add_explicit(&sound->shown.n_dropped, n, memory_order_relaxed);
  }
}

/// Drop the latency at the beginning, and what follows the end
static void
finish(LiveSound* const sound, const uint32_t n)
{
  LiveShown* const shown = &sound->shown;
  const uint64_t   finished =
    atomic_load_explicit(&shown->n_finished, memory_order_relaxed);

  const uint32_t skip  = n < sound->n_skip ? n : sound->n_skip;
  const uint64_t left  = live_sound_expected(sound) - finished;
  const uint32_t count = n - skip < left ? n - skip : (uint32_t)left;

  GrusRing* const recording = atomic_load(&sound->recording);
  sound->n_skip -= skip;
  if (count && recording) {
    record(sound, recording, skip, count);
  }
  atomic_store_explicit(
    &shown->n_finished, finished + count, memory_order_release);
}

static void
play_chunk(LiveSound* const          sound,
           const float* const* const in,
           float* const* const       out,
           const uint32_t            start,
           const uint32_t            n)
{
  const uint32_t n_channels = sound->config.n_channels;
  if (sound->config.source) {
    take_source(sound, n);
  } else {
    take_input(sound, in, start, n);
  }

  clean(sound, n);
  finish(sound, n);
  for (uint32_t c = 0U; out && c < n_channels; ++c) {
    memcpy(out[c] + start, sound->clean[c], n * sizeof(float));
  }
}

/// Before the beginning: silence, and the block's length for those who wait
static void
play_nothing(LiveSound* const    sound,
             float* const* const out,
             const uint32_t      n_frames)
{
  for (uint32_t c = 0U; out && c < sound->config.n_channels; ++c) {
    memset(out[c], 0, n_frames * sizeof(float));
  }
}

/// With the parameters that were set once the block's length was known
static void
begin(LiveSound* const sound)
{
  grus_slot_reset(sound->config.slot);
  sound->n_skip = grus_stream_latency(grus_slot_stream(sound->config.slot));
  sound->begun  = true;
}

static void
show_load(LiveSound* const sound, const double time, const double busy)
{
  LiveShown* const shown = &sound->shown;
  const float      load  = (float)(busy / time);
  if (load > atomic_load_explicit(&shown->worst_load, memory_order_relaxed)) {
    atomic_store_explicit(&shown->worst_load, load, memory_order_relaxed);
  }

  sound->sound_time += time;
  sound->busy_time += busy;
  if (sound->sound_time >= 1.0) {
    atomic_store_explicit(&shown->load,
                          (float)(sound->busy_time / sound->sound_time),
                          memory_order_relaxed);
    sound->sound_time = 0.0;
    sound->busy_time  = 0.0;
  }
}

static void
show_meters(LiveSound* const sound)
{
  const GrusStream* const stream = grus_slot_stream(sound->config.slot);
  LiveShown* const        shown  = &sound->shown;
  for (uint32_t i = 0U; i < GRUS_N_METERS; ++i) {
    atomic_store_explicit(&shown->meters[i],
                          grus_stream_meter(stream, (GrusMeter)i),
                          memory_order_relaxed);
  }
  atomic_store_explicit(
    &shown->latency, grus_stream_latency(stream), memory_order_relaxed);
}

static void
judge(LiveSound* const sound, const double time, const double busy)
{
  if (live_guard_note(&sound->guard, time, busy)) {
    if (sound->guard.state == LIVE_LISTEN) {
      grus_slot_reset(sound->config.slot); // What it heard is long ago
    }
    atomic_store_explicit(
      &sound->shown.n_rests, sound->guard.n_rests, memory_order_relaxed);
    atomic_store_explicit(&sound->shown.resting,
                          sound->guard.state != LIVE_CLEAN,
                          memory_order_relaxed);
  }
}

void
live_sound_play(LiveSound* const          sound,
                const float* const* const in,
                float* const* const       out,
                const uint32_t            n_frames)
{
  LiveShown* const shown = &sound->shown;
  if (!n_frames) {
    return;
  }
  if (!atomic_load_explicit(&shown->go, memory_order_acquire)) {
    play_nothing(sound, out, n_frames);
    atomic_store_explicit(&shown->block, n_frames, memory_order_release);
    return;
  }

  const double start = sound->config.clock();
  if (!sound->begun) {
    begin(sound);
  }
  for (uint32_t done = 0U; done < n_frames;) {
    const uint32_t left = n_frames - done;
    const uint32_t n    = left < LIVE_CHUNK ? left : LIVE_CHUNK;
    play_chunk(sound, in, out, done, n);
    done += n;
  }

  const double time = (double)n_frames / sound->config.sample_rate;
  const double busy = sound->config.clock() - start;
  show_load(sound, time, busy);
  show_meters(sound);
  judge(sound, time, busy);
  atomic_store_explicit(&shown->block, n_frames, memory_order_relaxed);
  atomic_fetch_add(&shown->n_frames, n_frames);
}
