// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "frames/downmix.h"

#include "model/model.h"
#include "network/network.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Where voices are, and mains hum is not
static const float first_hz = 300.0f;
static const float end_hz   = 4000.0f;

static const float memory_seconds = 0.15f; ///< Of likenesses
static const float fade_seconds   = 0.04f; ///< From one weight to the next

/// A channel is turned over where that makes the sum 1.8 dB louder
static const float turn_likeness = -0.2f;

/// A channel is left out 13 dB below the loudest, and taken in from -9 dB on
static const float leave_ratio = 1.0f / 20.0f;
static const float enter_ratio = 1.0f / 8.0f;

/// Power of a bin that is nothing, as in compressed spectra
static const float silence = 1e-12f;

enum {
  N_LANES = 16,  ///< Side by side, because a compiler must not reorder a sum
  N_BLOCK = 128, ///< Bins that are compared at once
};

enum {
  ROW_TURN, ///< 1 - weight
  ROW_GOAL, ///< 1 - weight that it moves to
  ROW_LIKENESS,
};

static uint32_t
min_u32(const uint32_t a, const uint32_t b)
{
  return a < b ? a : b;
}

GrusDownmix
grus_downmix_init(const GrusModel* const model, const uint32_t n_channels)
{
  const float rate    = (float)model->info.sample_rate;
  const float bin_hz  = rate / (float)model->front_end.window;
  const float hop     = (float)model->front_end.hop / rate;
  const float memory  = memory_seconds / (memory_seconds + hop);
  GrusDownmix downmix = {n_channels, 0U, 0U, memory, hop / fade_seconds};

  downmix.end_bin   = min_u32((uint32_t)(end_hz / bin_hz) + 1U,
                            (model->front_end.window / 2U) + 1U);
  downmix.first_bin = min_u32((uint32_t)(first_hz / bin_hz), downmix.end_bin);
  return downmix;
}

size_t
grus_downmix_row_size(const GrusDownmix* const downmix)
{
  return ROW_LIKENESS + downmix->n_channels;
}

float
grus_downmix_cost(const GrusDownmix* const downmix)
{
  const float n      = (float)downmix->n_channels;
  const float n_bins = (float)(downmix->end_bin - downmix->first_bin);
  return n_bins * n * (n + 10.0f);
}

float
grus_downmix_weight(const float* const row)
{
  return 1.0f - row[ROW_TURN];
}

static float
likeness(float* const* const rows, const uint32_t a, const uint32_t b)
{
  return a < b ? rows[b][ROW_LIKENESS + a] : rows[a][ROW_LIKENESS + b];
}

/// Find one over the root of the power that all channels have in each bin
static void
find_factors(const GrusDownmix* const  downmix,
             const GrusSpectrum* const spectra,
             const uint32_t            first_bin,
             const uint32_t            n,
             float* const              factors)
{
  for (uint32_t i = 0U; i < n; ++i) {
    factors[i] = silence;
  }
  for (uint32_t c = 0U; c < downmix->n_channels; ++c) {
    const float* const re = spectra[c].re + first_bin;
    const float* const im = spectra[c].im + first_bin;
    for (uint32_t i = 0U; i < n; ++i) {
      factors[i] += (re[i] * re[i]) + (im[i] * im[i]);
    }
  }
  for (uint32_t i = 0U; i < n; ++i) {
    factors[i] = 1.0f / sqrtf(factors[i]);
  }
}

/// Return the real part of the product of two spectra over some bins
static float
product(const GrusSpectrum* const a,
        const GrusSpectrum* const b,
        const uint32_t            first_bin,
        const uint32_t            n,
        const float* const        factors)
{
  const float* const a_re          = a->re + first_bin;
  const float* const a_im          = a->im + first_bin;
  const float* const b_re          = b->re + first_bin;
  const float* const b_im          = b->im + first_bin;
  float              sums[N_LANES] = {0.0f};
  float              sum           = 0.0f;
  uint32_t           i             = 0U;
  for (; i + N_LANES <= n; i += N_LANES) {
    for (uint32_t k = 0U; k < N_LANES; ++k) {
      sums[k] += ((a_re[i + k] * b_re[i + k]) + (a_im[i + k] * b_im[i + k])) *
                 factors[i + k];
    }
  }
  for (; i < n; ++i) {
    sum += ((a_re[i] * b_re[i]) + (a_im[i] * b_im[i])) * factors[i];
  }
  for (uint32_t k = 0U; k < N_LANES; ++k) {
    sum += sums[k];
  }

  return sum;
}

/**
   Add what channels have in common in this frame: the real part of the product
   of their spectra.

   Bins count by their amplitude rather than their power, since a voice is in
   more of them than a tone that may be louder.
*/
static void
compare(const GrusDownmix* const  downmix,
        float* const* const       rows,
        const GrusSpectrum* const spectra)
{
  const uint32_t n_channels = downmix->n_channels;
  for (uint32_t c = 0U; c < n_channels; ++c) {
    for (uint32_t d = 0U; d <= c; ++d) {
      rows[c][ROW_LIKENESS + d] *= downmix->keep;
    }
  }

  for (uint32_t bin = downmix->first_bin; bin < downmix->end_bin;
       bin += N_BLOCK) {
    const uint32_t n = min_u32(downmix->end_bin - bin, N_BLOCK);
    float          factors[N_BLOCK];
    find_factors(downmix, spectra, bin, n, factors);
    for (uint32_t c = 0U; c < n_channels; ++c) {
      for (uint32_t d = 0U; d <= c; ++d) {
        rows[c][ROW_LIKENESS + d] +=
          product(&spectra[c], &spectra[d], bin, n, factors);
      }
    }
  }
}

/// Return whether all weights are where they should be
static bool
is_settled(const GrusDownmix* const downmix, float* const* const rows)
{
  for (uint32_t c = 0U; c < downmix->n_channels; ++c) {
    if (rows[c][ROW_TURN] != rows[c][ROW_GOAL]) {
      return false;
    }
  }

  return true;
}

static void
move_weights(const GrusDownmix* const downmix, float* const* const rows)
{
  for (uint32_t c = 0U; c < downmix->n_channels; ++c) {
    float* const row  = rows[c];
    const float  left = row[ROW_GOAL] - row[ROW_TURN];
    row[ROW_TURN]     = fabsf(left) <= downmix->step
                          ? row[ROW_GOAL]
                          : row[ROW_TURN] + copysignf(downmix->step, left);
  }
}

/// What a channel has in common with the sum of the others
typedef struct {
  float product; ///< With that sum
  float power;   ///< Of the channel and of that sum
} Share;

static Share
share_of(const GrusDownmix* const downmix,
         float* const* const      rows,
         const uint32_t           channel)
{
  Share share = {0.0f, likeness(rows, channel, channel)};
  for (uint32_t c = 0U; c < downmix->n_channels; ++c) {
    const float weight = grus_downmix_weight(rows[c]);
    if (c != channel && weight != 0.0f) {
      share.product += weight * likeness(rows, c, channel);
      for (uint32_t d = 0U; d < downmix->n_channels; ++d) {
        share.power += d == channel ? 0.0f
                                    : weight * grus_downmix_weight(rows[d]) *
                                        likeness(rows, c, d);
      }
    }
  }

  return share;
}

/// Return how alike a channel and the sum of the others are, from -1 to 1
static float
alike(const GrusDownmix* const downmix,
      float* const* const      rows,
      const uint32_t           channel)
{
  const Share share = share_of(downmix, rows, channel);
  return share.power > 0.0f ? 2.0f * share.product / share.power : 0.0f;
}

static uint32_t
find_loudest(const GrusDownmix* const downmix, float* const* const rows)
{
  uint32_t loudest = 0U;
  for (uint32_t c = 1U; c < downmix->n_channels; ++c) {
    if (likeness(rows, c, c) > likeness(rows, loudest, loudest)) {
      loudest = c;
    }
  }

  return loudest;
}

float
grus_downmix_scale(const GrusDownmix* const downmix, float* const* const rows)
{
  const uint32_t n         = downmix->n_channels;
  const uint32_t loudest   = find_loudest(downmix, rows);
  const float    most      = likeness(rows, loudest, loudest);
  float          power     = 0.0f;
  float          magnitude = 0.0f;
  for (uint32_t c = 0U; c < n; ++c) {
    const float weight = grus_downmix_weight(rows[c]);
    magnitude += fabsf(weight);
    for (uint32_t d = 0U; d < n; ++d) {
      power += weight * grus_downmix_weight(rows[d]) * likeness(rows, c, d);
    }
  }

  // A mean is never louder than the loudest, but for rounding
  const float mean = power / (magnitude * magnitude);
  const float gain = mean < most ? sqrtf(most / fmaxf(mean, silence)) : 1.0f;
  return fminf(gain, (float)n) / magnitude;
}

/// Take in one channel that had been left out, if there is one
static bool
enter(const GrusDownmix* const downmix,
      float* const* const      rows,
      const float              most)
{
  for (uint32_t c = 0U; c < downmix->n_channels; ++c) {
    if (rows[c][ROW_GOAL] == 1.0f &&
        likeness(rows, c, c) > enter_ratio * most) {
      rows[c][ROW_GOAL] = alike(downmix, rows, c) < turn_likeness ? 2.0f : 0.0f;
      return true;
    }
  }

  return false;
}

/// How well a channel goes with the others
typedef struct {
  uint32_t channel;
  float    alike; ///< With its own weight
  float    weight;
  float    power;
} Candidate;

/// Whether `a` is to be turned over rather than `b`: the one that takes away
/// most, then one that was turned before, then the quieter
static bool
is_rather(const Candidate* const a, const Candidate* const b)
{
  return a->alike != b->alike     ? a->alike < b->alike
         : a->weight != b->weight ? a->weight < b->weight
                                  : a->power <= b->power;
}

/// Turn over the channel that takes away most, if that is clear
static bool
turn(const GrusDownmix* const downmix, float* const* const rows)
{
  Candidate most = {0U, turn_likeness, 2.0f, 0.0f};
  for (uint32_t c = 0U; c < downmix->n_channels; ++c) {
    const float     weight = grus_downmix_weight(rows[c]);
    const Candidate own    = {
         c, weight * alike(downmix, rows, c), weight, likeness(rows, c, c)};
    if (own.alike < turn_likeness && is_rather(&own, &most)) {
      most = own;
    }
  }
  if (most.alike == turn_likeness) {
    return false;
  }

  rows[most.channel][ROW_GOAL] = 2.0f - rows[most.channel][ROW_GOAL];
  return true;
}

/// Leave out one channel that is far below the loudest, if there is one
static void
leave(const GrusDownmix* const downmix,
      float* const* const      rows,
      const float              most)
{
  for (uint32_t c = 0U; c < downmix->n_channels; ++c) {
    if (rows[c][ROW_GOAL] != 1.0f &&
        likeness(rows, c, c) < leave_ratio * most) {
      rows[c][ROW_GOAL] = 1.0f;
      return;
    }
  }
}

/**
   Change what one channel is to be, if anything is to change.

   Only one at a time, and never the last one that is heard, so that the weights
   never are all zero on their way.
*/
static void
choose(const GrusDownmix* const downmix, float* const* const rows)
{
  const uint32_t loudest = find_loudest(downmix, rows);
  const float    most    = likeness(rows, loudest, loudest);
  if (!enter(downmix, rows, most) && !turn(downmix, rows)) {
    leave(downmix, rows, most);
  }
}

void
grus_downmix_update(const GrusDownmix* const  downmix,
                    float* const* const       rows,
                    const GrusSpectrum* const spectra)
{
  compare(downmix, rows, spectra);
  if (is_settled(downmix, rows)) {
    choose(downmix, rows);
  }
  move_weights(downmix, rows);
}
