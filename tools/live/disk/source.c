// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/disk/source.h"

#include "cli/say.h"
#include "grus/ring.h"
#include "sound/input.h"

#include <pthread.h>
#include <samplerate.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

enum {
  CHUNK        = 1024, ///< Frames read at once
  RING_SECONDS = 2,    ///< A disk may take that long to answer
  MAX_RATIO    = 200,  ///< Between the rates that a stream may have
};

struct LiveSourceImpl {
  SoundInput*      input;
  GrusRing*        ring;
  SRC_STATE*       resampler; ///< Null where the rates are the same
  double           ratio;
  uint32_t         n_channels;
  float*           in;       ///< (chunk, channels)
  float*           out;      ///< (ratio * chunk, channels)
  size_t           out_size; ///< Frames
  uint64_t         n_sent;
  _Atomic uint64_t n_expected; ///< Set at the end
  _Atomic bool     ending;
  pthread_t        thread;
};

static bool
is_ending(LiveSource* const source)
{
  return atomic_load_explicit(&source->ending, memory_order_relaxed);
}

/// Put frames into the ring, and wait where it is full
static void
send(LiveSource* const source, const float* const frames, const size_t n)
{
  static const struct timespec pause = {0, 10000000};

  const size_t width = source->n_channels * sizeof(float);
  while (!is_ending(source) &&
         !grus_ring_write(source->ring, frames, (uint32_t)(n * width))) {
    nanosleep(&pause, NULL);
  }
  source->n_sent += n;
}

/// Resample `n` frames, none at the end, and send what comes out
static void
resample(LiveSource* const source, const size_t n)
{
  SRC_DATA data      = {0};
  data.data_in       = source->in;
  data.input_frames  = (long)n;
  data.data_out      = source->out;
  data.output_frames = (long)source->out_size;
  data.src_ratio     = source->ratio;
  data.end_of_input  = !n;

  do {
    if (src_process(source->resampler, &data)) {
      return;
    }
    send(source, source->out, (size_t)data.output_frames_gen);
    data.data_in += data.input_frames_used * (long)source->n_channels;
    data.input_frames -= data.input_frames_used;
  } while (data.output_frames_gen && !is_ending(source));
}

static void*
feed_ring(void* const data)
{
  LiveSource* const source = (LiveSource*)data;
  size_t            n      = 1U;
  while (n && !is_ending(source)) {
    n = sound_input_read(source->input, source->in, CHUNK);
    if (source->resampler) {
      resample(source, n);
    } else {
      send(source, source->in, n);
    }
  }

  atomic_store_explicit(
    &source->n_expected, source->n_sent, memory_order_release);
  return NULL;
}

static int
start_reading(LiveSource* const source, const uint32_t sample_rate)
{
  const uint32_t n_channels = source->n_channels;
  const size_t   width      = n_channels * sizeof(float);
  int            error      = 0;

  if (source->ratio != 1.0) {
    source->resampler = src_new(SRC_SINC_BEST_QUALITY, (int)n_channels, &error);
  }
  source->out_size = (size_t)(source->ratio * CHUNK) + 64U;
  source->ring = grus_ring_new(RING_SECONDS * sample_rate * (uint32_t)width);
  source->in   = (float*)malloc(CHUNK * width);
  source->out  = (float*)malloc(source->out_size * width);
  if (error || !source->ring || !source->in || !source->out) {
    return say_error(
      EXIT_FAILED, "no memory to play \"%s\"", source->input->path);
  }
  return pthread_create(&source->thread, NULL, feed_ring, source)
           ? say_error(EXIT_FAILED, "cannot start a thread to read")
           : EXIT_OK;
}

static void
free_source(LiveSource* const source)
{
  if (source->resampler) {
    src_delete(source->resampler);
  }
  grus_ring_free(source->ring);
  free(source->out);
  free(source->in);
  free(source);
}

/// Wait until there is half a ring, or all of the file
static void
wait_for_sound(LiveSource* const source)
{
  static const struct timespec pause = {0, 1000000};

  while (grus_ring_read_space(source->ring) <=
           grus_ring_write_space(source->ring) &&
         atomic_load_explicit(&source->n_expected, memory_order_acquire) ==
           UINT64_MAX) {
    nanosleep(&pause, NULL);
  }
}

int
live_source_start(SoundInput* const  input,
                  const uint32_t     sample_rate,
                  LiveSource** const result)
{
  const double ratio = (double)sample_rate / input->info.samplerate;
  if (ratio > MAX_RATIO || ratio < 1.0 / MAX_RATIO) {
    return say_error(EXIT_FAILED,
                     "\"%s\" has %d Hz, which is too far from %u Hz",
                     input->path,
                     input->info.samplerate,
                     sample_rate);
  }

  LiveSource* const source = (LiveSource*)calloc(1U, sizeof(LiveSource));
  if (!source) {
    return say_error(EXIT_FAILED, "no memory to play \"%s\"", input->path);
  }
  source->input      = input;
  source->ratio      = ratio;
  source->n_channels = (uint32_t)input->info.channels;
  atomic_init(&source->n_expected, UINT64_MAX);

  const int code = start_reading(source, sample_rate);
  if (code) {
    free_source(source);
    return code;
  }

  wait_for_sound(source);
  *result = source;
  return EXIT_OK;
}

GrusRing*
live_source_ring(const LiveSource* const source)
{
  return source->ring;
}

const _Atomic uint64_t*
live_source_expected(const LiveSource* const source)
{
  return &source->n_expected;
}

void
live_source_end(LiveSource* const source)
{
  if (source) {
    atomic_store_explicit(&source->ending, true, memory_order_relaxed);
    pthread_join(source->thread, NULL);
    free_source(source);
  }
}
