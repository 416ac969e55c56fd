// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "stream/levels.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>

/// Side by side, because a compiler must not reorder a sum
enum { N_LANES = 16 };

static const float fade_seconds = 0.2f;
static const float silence      = 1e-10f;

void
grus_levels_fade(GrusLevels* const levels,
                 const uint32_t    n,
                 const uint32_t    sample_rate)
{
  const float factor = expf(-(float)n / ((float)sample_rate * fade_seconds));

  levels->input_peak *= factor;
  levels->output_peak *= factor;
  levels->dry_energy *= factor;
  levels->wet_energy *= factor;
}

void
grus_levels_peak(float* const peak, const float* const x, const size_t n)
{
  float  peaks[N_LANES] = {0.0f};
  size_t i              = 0U;
  for (; i + N_LANES <= n; i += N_LANES) {
    for (size_t k = 0U; k < N_LANES; ++k) {
      const float magnitude = fabsf(x[i + k]);
      peaks[k]              = magnitude > peaks[k] ? magnitude : peaks[k];
    }
  }
  for (; i < n; ++i) {
    *peak = fmaxf(*peak, fabsf(x[i]));
  }
  for (size_t k = 0U; k < N_LANES; ++k) {
    *peak = fmaxf(*peak, peaks[k]);
  }
}

float
grus_levels_energy(const float* const x, const size_t n)
{
  float  sums[N_LANES] = {0.0f};
  float  sum           = 0.0f;
  size_t i             = 0U;
  for (; i + N_LANES <= n; i += N_LANES) {
    for (size_t k = 0U; k < N_LANES; ++k) {
      sums[k] += x[i + k] * x[i + k];
    }
  }
  for (; i < n; ++i) {
    sum += x[i] * x[i];
  }
  for (size_t k = 0U; k < N_LANES; ++k) {
    sum += sums[k];
  }

  return sum;
}

float
grus_levels_reduction(const GrusLevels* const levels)
{
  if (levels->dry_energy < silence) {
    return 0.0f;
  }

  const float ratio = levels->wet_energy / levels->dry_energy;
  return fminf(fmaxf(-10.0f * log10f(fmaxf(ratio, silence)), 0.0f), 100.0f);
}

float
grus_levels_decibels(const float amplitude)
{
  return fminf(20.0f * log10f(fmaxf(amplitude, 1e-5f)), 24.0f);
}
