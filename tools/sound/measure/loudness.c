// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/measure/loudness.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>

/// Side by side, because a compiler must not reorder a sum
enum { N_LANES = 8 };

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

/// Return the sum of squares of `n` samples, and note the largest
static double
sum_of_squares(const float* const x, const size_t n, float* const peak)
{
  double sums[N_LANES]  = {0.0};
  float  peaks[N_LANES] = {0.0f};
  size_t i              = 0U;
  for (; i + N_LANES <= n; i += N_LANES) {
    for (size_t k = 0U; k < N_LANES; ++k) {
      const float magnitude = fabsf(x[i + k]);
      sums[k] += (double)x[i + k] * (double)x[i + k];
      peaks[k] = magnitude > peaks[k] ? magnitude : peaks[k];
    }
  }
  for (size_t k = 0U; i + k < n; ++k) {
    sums[k] += (double)x[i + k] * (double)x[i + k];
    peaks[k] = fmaxf(peaks[k], fabsf(x[i + k]));
  }

  double sum = 0.0;
  for (size_t k = 0U; k < N_LANES; ++k) {
    sum += sums[k];
    *peak = fmaxf(*peak, peaks[k]);
  }
  return sum;
}

void
levels_add(Levels* const      levels,
           const float* const frames,
           const size_t       n,
           const uint32_t     n_channels,
           const uint32_t     sample_rate)
{
  const uint32_t window = sample_rate < 20U ? 1U : sample_rate / 20U;

  for (size_t i = 0U; i < n;) {
    const uint32_t space = window - levels->window_fill;
    const size_t   count = n - i < space ? n - i : space;
    const double   power = sum_of_squares(
      frames + (i * n_channels), count * n_channels, &levels->peak);

    levels->sum += power;
    levels->window_sum += power;
    levels->window_fill += (uint32_t)count;
    if (levels->window_fill == window) {
      end_window(levels, window * n_channels);
    }
    i += count;
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
