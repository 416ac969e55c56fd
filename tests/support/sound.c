// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound.h"

#include "base/random.h"
#include "grus/grus.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

uint32_t
next_random(uint32_t* const seed)
{
  return grus_random_lcg(seed) >> 8U;
}

Sound
new_sound(const uint32_t n_channels, const uint32_t n_frames)
{
  const Sound sound = {
    n_channels,
    n_frames,
    (float*)calloc((size_t)n_channels * n_frames, sizeof(float))};
  if (!sound.samples) {
    abort();
  }
  return sound;
}

Sound
noise(const uint32_t n_channels, const uint32_t n_frames)
{
  const Sound sound = new_sound(n_channels, n_frames);
  uint32_t    seed  = 1U;
  for (uint32_t i = 0U; i < n_channels * n_frames; ++i) {
    sound.samples[i] = (float)next_random(&seed) / (float)(1U << 24U) - 0.5f;
  }

  return sound;
}

GrusStream*
new_mono_stream(const GrusModel* const model)
{
  const GrusStreamConfig config = {48000U, 1U, NULL};
  GrusStream*            stream = NULL;
  if (grus_stream_new(model, &config, &stream, NULL)) {
    abort();
  }
  return stream;
}

void
run(GrusStream* const stream,
    const Sound       in,
    const Sound       out,
    const uint32_t    from,
    const uint32_t    to)
{
  const float* inputs[GRUS_MAX_CHANNELS];
  float*       outputs[GRUS_MAX_CHANNELS];
  for (uint32_t c = 0U; c < in.n_channels; ++c) {
    inputs[c]  = in.samples + ((size_t)c * in.n_frames) + from;
    outputs[c] = out.samples + ((size_t)c * out.n_frames) + from;
  }

  grus_stream_process(stream, inputs, outputs, to - from);
}

Sound
run_in_blocks(GrusStream* const stream, const Sound in, const uint32_t block)
{
  const Sound out  = new_sound(in.n_channels, in.n_frames);
  uint32_t    seed = 7U;
  for (uint32_t done = 0U; done < in.n_frames;) {
    uint32_t n = block ? block : next_random(&seed) % 1500U;
    n          = n < in.n_frames - done ? n : in.n_frames - done;
    run(stream, in, out, done, done + n);
    done += n;
  }

  return out;
}

bool
is_same(const Sound a, const Sound b)
{
  return !memcmp(
    a.samples, b.samples, (size_t)a.n_channels * a.n_frames * sizeof(float));
}

bool
is_same_later(const Sound early, const Sound late, const uint32_t delay)
{
  bool same = true;
  for (size_t c = 0U; c < early.n_channels && same; ++c) {
    same = !memcmp(early.samples + (c * early.n_frames),
                   late.samples + (c * late.n_frames) + delay,
                   (early.n_frames - delay) * sizeof(float));
  }

  return same;
}

double
rms(const float* const x, const size_t n)
{
  double sum = 0.0;
  for (size_t i = 0U; i < n; ++i) {
    sum += (double)x[i] * (double)x[i];
  }

  return sqrt(sum / (double)n);
}
