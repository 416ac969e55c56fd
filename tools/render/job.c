// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "render/job.h"

#include "cli/progress.h"
#include "cli/say.h"
#include "grus/grus.h"
#include "host/clock.h"
#include "sound/dither.h"
#include "sound/format.h"
#include "sound/input.h"
#include "sound/measure/envelope.h"
#include "sound/measure/loudness.h"
#include "sound/measure/spectrogram.h"
#include "sound/output.h"

#include <sndfile.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Buffers and counts of one rendering
typedef struct {
  const Rendering* r;
  RenderResult*    result;
  uint32_t         n_channels;
  uint32_t         sample_rate;
  float*           frames; ///< (block, channels), interleaved
  float*           planes; ///< (channels, block)
  float*           planar[GRUS_MAX_CHANNELS];
  float*           kept;     ///< (n_warm_up, channels) The input's beginning
  size_t           n_kept;   ///< Frames in it
  size_t           n_reread; ///< Of these, frames that were read once more
  uint64_t         n_skip;   ///< Frames of latency that are still to be dropped
  uint64_t         n_out;    ///< Frames written
  double           activity_sum;
  uint64_t         n_blocks;
} Run;

/// Process `n` frames in place
static void
process(Run* const run, const size_t n)
{
  for (uint32_t c = 0U; c < run->n_channels; ++c) {
    for (size_t i = 0U; i < n; ++i) {
      run->planar[c][i] = run->frames[(i * run->n_channels) + c];
    }
  }

  const float* in[GRUS_MAX_CHANNELS];
  memcpy(in, run->planar, sizeof(in));
  const double start = clock_seconds();
  grus_stream_process(run->r->stream, in, run->planar, (uint32_t)n);
  run->result->stream_seconds += clock_seconds() - start;

  for (uint32_t c = 0U; c < run->n_channels; ++c) {
    for (size_t i = 0U; i < n; ++i) {
      run->frames[(i * run->n_channels) + c] = run->planar[c][i];
    }
  }
}

static void
note_activity(Run* const run)
{
  const float activity = grus_stream_meter(run->r->stream, GRUS_METER_ACTIVITY);
  run->activity_sum += (double)activity;
  ++run->n_blocks;
  if (run->r->activity) {
    fprintf(run->r->activity,
            "%.4f,%.4f\n",
            (double)run->n_out / run->sample_rate,
            (double)activity);
  }
}

/// Write what is left of a block once the latency is dropped
static int
write_frames(Run* const run, const size_t n)
{
  const size_t skip  = run->n_skip < n ? (size_t)run->n_skip : n;
  float* const first = run->frames + (skip * run->n_channels);
  const size_t count = n - skip;

  run->n_skip -= skip;
  if (!count) {
    return EXIT_OK;
  }

  note_activity(run);
  levels_add(
    &run->result->after, first, count, run->n_channels, run->sample_rate);
  if (run->r->with_envelopes) {
    envelope_add(&run->result->envelope_after, first, count, run->n_channels);
  }
  if (run->r->after) {
    spectrogram_add(run->r->after, first, count);
  }

  run->n_out += count;
  return sound_output_write(run->r->output, first, count);
}

/// Return `n` frames, or a block if they are more
static size_t
at_most_a_block(const Run* const run, const size_t n)
{
  return n < run->r->block ? n : run->r->block;
}

/// Read at most a block, first of what the stream has heard to warm up
static size_t
read_block(Run* const run)
{
  const size_t n = at_most_a_block(run, run->n_kept - run->n_reread);
  if (!n) {
    return sound_input_read(run->r->input, run->frames, run->r->block);
  }

  memcpy(run->frames,
         run->kept + (run->n_reread * run->n_channels),
         n * run->n_channels * sizeof(float));
  run->n_reread += n;
  return n;
}

/**
   Have the stream hear the beginning, which it hears again later on.

   What comes out is dropped.  The beginning is kept, since a pipe cannot be
   read twice.
*/
static int
warm_up(Run* const run)
{
  const size_t width    = run->n_channels;
  const size_t n_wanted = run->r->n_warm_up;
  if (!n_wanted) {
    return EXIT_OK;
  }

  run->kept = (float*)malloc(n_wanted * width * sizeof(float));
  if (!run->kept) {
    return say_error(EXIT_FAILED, "no memory to warm up");
  }

  size_t n = 0U;
  while ((n = sound_input_read(run->r->input,
                               run->frames,
                               at_most_a_block(run, n_wanted - run->n_kept)))) {
    memcpy(run->kept + (run->n_kept * width),
           run->frames,
           n * width * sizeof(float));
    run->n_kept += n;
    process(run, n);
  }
  return EXIT_OK;
}

/// Read, process and write the whole input
static int
run_input(Run* const run, Progress* const progress)
{
  int    code = warm_up(run);
  size_t n    = 0U;
  while (!code && (n = read_block(run))) {
    levels_add(
      &run->result->before, run->frames, n, run->n_channels, run->sample_rate);
    if (run->r->with_envelopes) {
      envelope_add(
        &run->result->envelope_before, run->frames, n, run->n_channels);
    }
    if (run->r->before) {
      spectrogram_add(run->r->before, run->frames, n);
    }
    run->result->n_frames += n;
    process(run, n);
    code = write_frames(run, n);
    progress_show(progress, run->result->n_frames);
    if (run->r->progress) {
      run->r->progress->sample_rate = run->sample_rate;
      run->r->progress->n_frames    = run->result->n_frames;
    }
  }

  return code;
}

/// Process silence until all that went in has come out
static int
run_tail(Run* const run)
{
  int code = EXIT_OK;
  while (!code && run->n_out < run->result->n_frames) {
    const uint64_t left = run->n_skip + run->result->n_frames - run->n_out;
    const size_t   n    = left < run->r->block ? (size_t)left : run->r->block;
    memset(run->frames, 0, n * run->n_channels * sizeof(float));
    process(run, n);
    code = write_frames(run, n);
  }

  return code;
}

static int
run_all(Run* const run)
{
  Progress       progress;
  const SF_INFO* info = &run->r->input->info;

  progress_start(&progress,
                 info->frames > 0 ? (uint64_t)info->frames : 0U,
                 run->sample_rate,
                 run->r->show_progress);
  int code = run_input(run, &progress);
  if (!code) {
    code = sound_input_finish(run->r->input);
  }
  if (!code) {
    code = run_tail(run);
  }
  if (!code) {
    code = sound_output_drain(run->r->output);
  }
  progress_end(&progress);

  return code;
}

int
render(const Rendering* const rendering, RenderResult* const result)
{
  const double start = clock_seconds();
  Run          run   = {.r           = rendering,
                        .result      = result,
                        .n_channels  = (uint32_t)rendering->input->info.channels,
                        .sample_rate = (uint32_t)rendering->input->info.samplerate,
                        .n_skip      = grus_stream_latency(rendering->stream)};

  const size_t n = (size_t)rendering->block * run.n_channels;
  memset(result, 0, sizeof(*result));
  run.frames = (float*)malloc(n * sizeof(float));
  run.planes = (float*)malloc(n * sizeof(float));
  for (uint32_t c = 0U; run.planes && c < run.n_channels; ++c) {
    run.planar[c] = run.planes + ((size_t)c * rendering->block);
  }

  const int code = run.frames && run.planes
                     ? run_all(&run)
                     : say_error(EXIT_FAILED, "no memory for a block");

  free(run.kept);
  free(run.planes);
  free(run.frames);
  result->activity =
    run.n_blocks ? run.activity_sum / (double)run.n_blocks : 0.0;
  result->seconds = clock_seconds() - start;
  return code;
}
