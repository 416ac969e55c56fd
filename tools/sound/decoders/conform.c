// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/decoders/conform.h"

#include <samplerate.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

/// Have room for `n` frames, return false if there is no memory
static bool
make_room(float** const  frames,
          size_t* const  n_frames,
          const size_t   n,
          const unsigned n_channels)
{
  if (*n_frames < n) {
    float* const larger =
      (float*)realloc(*frames, n * n_channels * sizeof(float));
    if (!larger) {
      return false;
    }
    *frames   = larger;
    *n_frames = n;
  }
  return true;
}

/// Make one channel of two or two of one
static bool
mix(Conform* const c, const SoundChunk* const in, SoundChunk* const out)
{
  const unsigned both = in->n_channels + c->n_channels;
  if (both != 3U || !make_room(&c->mixed, &c->n_mixed, in->n, c->n_channels)) {
    return false;
  }

  for (size_t i = 0U; i < in->n; ++i) {
    if (c->n_channels == 1U) {
      c->mixed[i] = 0.5f * (in->frames[2U * i] + in->frames[(2U * i) + 1U]);
    } else {
      c->mixed[2U * i] = c->mixed[(2U * i) + 1U] = in->frames[i];
    }
  }
  out->frames     = c->mixed;
  out->n_channels = c->n_channels;
  return true;
}

/// Resample a chunk, an empty one for the tail
static bool
resample(Conform* const c, const SoundChunk* const in, SoundChunk* const out)
{
  const double ratio = (double)c->sample_rate / c->source_rate;
  const size_t room  = (size_t)(ratio * (double)in->n) + 65536U;
  if (!make_room(&c->resampled, &c->n_resampled, room, c->n_channels)) {
    return false;
  }

  SRC_DATA data      = {0};
  data.data_in       = in->frames;
  data.input_frames  = (long)in->n;
  data.data_out      = c->resampled;
  data.output_frames = (long)room;
  data.src_ratio     = ratio;
  data.end_of_input  = !in->n;
  if (src_process(c->resampler, &data)) {
    return false;
  }
  out->frames      = c->resampled;
  out->n           = (size_t)data.output_frames_gen;
  out->sample_rate = c->sample_rate;
  return true;
}

static bool
start_resampler(Conform* const c, const unsigned source_rate)
{
  int error      = 0;
  c->source_rate = source_rate;
  c->resampler   = src_is_valid_ratio((double)c->sample_rate / source_rate)
                     ? src_new(SRC_SINC_BEST_QUALITY, (int)c->n_channels, &error)
                     : NULL;
  return c->resampler;
}

static ConformResult
end_resampler(Conform* const c, SoundChunk* const out)
{
  static const float none[1] = {0.0f};

  const SoundChunk end = {none, 0U, c->source_rate, c->n_channels};
  const bool       ok  = resample(c, &end, out);
  src_delete(c->resampler);
  c->resampler = NULL;
  return ok ? CONFORM_TAIL : CONFORM_FAILED;
}

ConformResult
conform_run(Conform* const c, const SoundChunk* const in, SoundChunk* const out)
{
  *out = *in;
  if (c->resampler && (!in->n || in->sample_rate != c->source_rate)) {
    return end_resampler(c, out);
  }
  if (in->n && in->n_channels != c->n_channels && !mix(c, in, out)) {
    return CONFORM_FAILED;
  }
  if (!in->n || in->sample_rate == c->sample_rate) {
    return CONFORM_DONE;
  }
  if (!c->resampler && !start_resampler(c, in->sample_rate)) {
    return CONFORM_FAILED;
  }

  const SoundChunk mixed = *out;
  return resample(c, &mixed, out) ? CONFORM_DONE : CONFORM_FAILED;
}

void
conform_clear(Conform* const conform)
{
  if (conform->resampler) {
    src_delete(conform->resampler);
  }
  free(conform->mixed);
  free(conform->resampled);
}
