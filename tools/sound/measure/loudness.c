// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/measure/loudness.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>

static const double silence = -160.0;

static double
decibels(const double power)
{
  return power > 1e-16 ? 10.0 * log10(power) : silence;
}

static void
end_window(Levels* const levels, const uint32_t n_samples)
{
  const double level = decibels(levels->window_sum / n_samples);
  const double place = (level - silence) * 10.0;

  ++levels->histogram[place < LEVELS_BINS ? (size_t)place : LEVELS_BINS - 1U];
  ++levels->n_windows;
  levels->window_sum  = 0.0;
  levels->window_fill = 0U;
}

void
levels_add(Levels* const      levels,
           const float* const frames,
           const size_t       n,
           const uint32_t     n_channels,
           const uint32_t     sample_rate)
{
  const uint32_t window = sample_rate / 20U;

  for (size_t i = 0U; i < n; ++i) {
    double power = 0.0;
    for (uint32_t c = 0U; c < n_channels; ++c) {
      const float x = frames[(i * n_channels) + c];
      power += (double)x * (double)x;
      levels->peak = fmaxf(levels->peak, fabsf(x));
    }
    levels->sum += power;
    levels->window_sum += power;
    if (++levels->window_fill == window) {
      end_window(levels, window * n_channels);
    }
  }
  levels->n_samples += n * n_channels;
}

double
levels_peak(const Levels* const levels)
{
  return decibels((double)levels->peak * (double)levels->peak);
}

double
levels_rms(const Levels* const levels)
{
  return levels->n_samples ? decibels(levels->sum / (double)levels->n_samples)
                           : silence;
}

double
levels_floor(const Levels* const levels)
{
  uint64_t below = 0U;
  size_t   i     = 0U;
  for (; i + 1U < LEVELS_BINS; ++i) {
    below += levels->histogram[i];
    if (below * 10U >= levels->n_windows) {
      break;
    }
  }

  return levels->n_windows ? silence + ((double)i / 10.0) : silence;
}
