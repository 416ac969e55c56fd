// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "mix.h"

#include "stream_impl.h"

#include <math.h>
#include <stdint.h>

void
grus_mix_update(GrusMix* const               mix,
                const GrusMixSettings* const settings,
                const uint32_t               n_frames)
{
  const float floor_gain = settings->reduction >= 100.0f
                             ? 0.0f
                             : powf(10.0f, settings->reduction / -20.0f);

  float wet = 0.0f;
  float dry = 1.0f;
  if (settings->enabled) {
    wet = settings->removed ? floor_gain - 1.0f : 1.0f - floor_gain;
    dry = settings->removed ? 1.0f - floor_gain : floor_gain;
  }

  if (wet != mix->wet_target || dry != mix->dry_target) {
    mix->wet_target = wet;
    mix->dry_target = dry;
    mix->n_left     = n_frames;
  }
  if (!n_frames) {
    mix->wet    = wet;
    mix->dry    = dry;
    mix->n_left = 0U;
  }
}

void
grus_mix_ramp(GrusMix* const mix,
              float* const   wet,
              float* const   dry,
              const uint32_t n)
{
  for (uint32_t i = 0U; i < n; ++i) {
    if (mix->n_left) {
      mix->wet += (mix->wet_target - mix->wet) / (float)mix->n_left;
      mix->dry += (mix->dry_target - mix->dry) / (float)mix->n_left;
      --mix->n_left;
    }
    wet[i] = mix->wet;
    dry[i] = mix->dry;
  }
}
