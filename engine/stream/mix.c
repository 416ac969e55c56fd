// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "stream/mix.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

static float
from_decibels(const float decibels)
{
  return decibels == 0.0f ? 1.0f : powf(10.0f, decibels / 20.0f);
}

void
grus_mix_update(GrusMix* const               mix,
                const GrusMixSettings* const settings,
                const uint32_t               n_frames)
{
  const float floor_gain =
    settings->reduction >= 100.0f ? 0.0f : from_decibels(-settings->reduction);
  const float input  = from_decibels(settings->input_gain);
  const float output = from_decibels(settings->output_gain);

  float target[GRUS_N_FACTORS] = {input, 0.0f, 1.0f};
  if (settings->enabled) {
    const float wet = settings->removed ? floor_gain - 1.0f : 1.0f - floor_gain;
    const float dry = settings->removed ? 1.0f - floor_gain : floor_gain;
    target[GRUS_FACTOR_WET] = wet * output;
    target[GRUS_FACTOR_DRY] = dry * input * output;
  }

  if (memcmp(target, mix->target, sizeof(target))) {
    memcpy(mix->target, target, sizeof(target));
    mix->n_left = n_frames;
  }
  if (!n_frames) {
    memcpy(mix->now, target, sizeof(target));
    mix->n_left = 0U;
  }
}

void
grus_mix_ramp(GrusMix* const mix,
              float (*const factors)[GRUS_CHUNK],
              const uint32_t n)
{
  const uint32_t n_ramp = n < mix->n_left ? n : mix->n_left;
  for (uint32_t f = 0U; f < GRUS_N_FACTORS; ++f) {
    float now = mix->now[f];
    for (uint32_t i = 0U; i < n_ramp; ++i) {
      now += (mix->target[f] - now) / (float)(mix->n_left - i);
      factors[f][i] = now;
    }
    for (uint32_t i = n_ramp; i < n; ++i) {
      factors[f][i] = now;
    }
    mix->now[f] = now;
  }

  mix->n_left -= n_ramp;
}
