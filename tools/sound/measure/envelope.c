// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/measure/envelope.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>

enum { FIRST_STRETCH = 256 }; ///< Frames

/// Make room for as much sound again by joining stretches in pairs
static void
join_pairs(Envelope* const envelope)
{
  for (size_t i = 0U; i < ENVELOPE_BINS / 2U; ++i) {
    envelope->sums[i] = envelope->sums[2U * i] + envelope->sums[(2U * i) + 1U];
  }
  for (size_t i = ENVELOPE_BINS / 2U; i < ENVELOPE_BINS; ++i) {
    envelope->sums[i] = 0.0;
  }
  envelope->n_frames_each *= 2U;
}

static double
mean_square(const float* const frame, const uint32_t n_channels)
{
  double sum = 0.0;
  for (uint32_t c = 0U; c < n_channels; ++c) {
    sum += (double)frame[c] * (double)frame[c];
  }
  return sum / n_channels;
}

void
envelope_add(Envelope* const    envelope,
             const float* const frames,
             const size_t       n,
             const uint32_t     n_channels)
{
  if (!envelope->n_frames_each) {
    envelope->n_frames_each = FIRST_STRETCH;
  }
  for (size_t i = 0U; i < n; ++i) {
    if (envelope->n_frames == ENVELOPE_BINS * envelope->n_frames_each) {
      join_pairs(envelope);
    }
    envelope->sums[envelope->n_frames / envelope->n_frames_each] +=
      mean_square(frames + (i * n_channels), n_channels);
    ++envelope->n_frames;
  }
}

size_t
envelope_size(const Envelope* const envelope)
{
  const uint64_t each = envelope->n_frames_each;
  return each ? (size_t)((envelope->n_frames + each - 1U) / each) : 0U;
}

double
envelope_level(const Envelope* const envelope, const size_t bin)
{
  const uint64_t first = bin * envelope->n_frames_each;
  const uint64_t left  = envelope->n_frames - first;
  const uint64_t n =
    left < envelope->n_frames_each ? left : envelope->n_frames_each;
  return fmax(10.0 * log10((envelope->sums[bin] / (double)n) + 1e-30), -120.0);
}
