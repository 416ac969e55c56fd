// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// A voice is heard whatever the polarity and level of the channels that have
// it: a mean alone is silence where two channels are opposite.

#include "model_writer.h"
#include "sound.h"

#include "frames/downmix.h"
#include "grus/grus.h"
#include "model/model.h"
#include "network/network.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
  MOST_CHANNELS = 5,
  N_BINS        = 241, ///< Of a frame of the test model, 100 Hz apart
  SECOND        = 200, ///< Hops
};

/// Channels that are heard
typedef struct {
  GrusDownmix  downmix;
  float        memory[MOST_CHANNELS][MOST_CHANNELS + 2];
  float*       rows[MOST_CHANNELS];
  float        bins[MOST_CHANNELS][2][N_BINS];
  GrusSpectrum spectra[MOST_CHANNELS];
  uint32_t     seed;
} Ears;

/// What is in the channels
typedef struct {
  float gains[MOST_CHANNELS]; ///< Of a voice that all of them have
  float own;                  ///< Of noise that each has for itself
  float hum;                  ///< Of a hum below all voices, the same in all
} Scene;

static void
start(Ears* const ears, const uint32_t n_channels)
{
  GrusModel* const model = writer_frame_model();
  memset(ears, 0, sizeof(*ears));
  ears->downmix = grus_downmix_init(model, n_channels);
  grus_model_free(model);
  cr_assert_eq(grus_downmix_row_size(&ears->downmix), n_channels + 2U);
  for (uint32_t c = 0U; c < n_channels; ++c) {
    ears->rows[c]       = ears->memory[c];
    ears->spectra[c].re = ears->bins[c][0];
    ears->spectra[c].im = ears->bins[c][1];
  }
}

static float
random_number(Ears* const ears)
{
  return ((float)next_random(&ears->seed) / (float)(1U << 23U)) - 1.0f;
}

static float
weight(const Ears* const ears, const uint32_t channel)
{
  return grus_downmix_weight(ears->rows[channel]);
}

static void
hear(Ears* const ears, const Scene* const scene, const uint32_t n_hops)
{
  for (uint32_t hop = 0U; hop < n_hops; ++hop) {
    for (uint32_t i = 0U; i < 2U * N_BINS; ++i) {
      const uint32_t bin   = i / 2U;
      const float    voice = random_number(ears);
      for (uint32_t c = 0U; c < ears->downmix.n_channels; ++c) {
        ears->bins[c][i % 2U][bin] = (scene->gains[c] * voice) +
                                     (scene->own * random_number(ears)) +
                                     (bin < 3U ? scene->hum : 0.0f);
      }
    }
    grus_downmix_update(&ears->downmix, ears->rows, ears->spectra);
  }
}

static void
check_weights(const Ears* const ears, const float* const wanted)
{
  for (uint32_t c = 0U; c < ears->downmix.n_channels; ++c) {
    cr_assert_eq(weight(ears, c),
                 wanted[c],
                 "channel %u of %u: %g, not %g",
                 c,
                 ears->downmix.n_channels,
                 (double)weight(ears, c),
                 (double)wanted[c]);
  }
}

Test(downmix, every_gain_of_either_sign_is_heard)
{
  static const struct {
    float gain; ///< Of the left channel
    float weights[2];
  } cases[] = {
    {-10.0f, {1.0f, 0.0f}},
    {-3.0f, {1.0f, -1.0f}},
    {-1.5f, {1.0f, -1.0f}},
    {-1.0f, {1.0f, -1.0f}},
    {-0.7f, {-1.0f, 1.0f}},
    {-0.5f, {-1.0f, 1.0f}},
    {-0.3f, {-1.0f, 1.0f}},
    {-0.1f, {0.0f, 1.0f}},
    {0.0f, {0.0f, 1.0f}},
    {0.1f, {0.0f, 1.0f}},
    {0.3f, {1.0f, 1.0f}},
    {1.0f, {1.0f, 1.0f}},
    {3.0f, {1.0f, 1.0f}},
    {10.0f, {1.0f, 0.0f}},
  };

  for (size_t i = 0U; i < sizeof(cases) / sizeof(cases[0]); ++i) {
    const Scene scene = {{cases[i].gain, 1.0f}, 0.0f, 0.0f};
    Ears        ears;
    start(&ears, 2U);
    hear(&ears, &scene, SECOND / 5U);
    check_weights(&ears, cases[i].weights);
  }
}

/// What is heard of the voice, where 1 is that of a channel with a gain of 1
static float
heard_level(Ears* const ears, const Scene* const scene)
{
  float sum = 0.0f;
  for (uint32_t c = 0U; c < ears->downmix.n_channels; ++c) {
    sum += weight(ears, c) * scene->gains[c];
  }

  return fabsf(sum) * grus_downmix_scale(&ears->downmix, ears->rows);
}

Test(downmix, voice_is_as_loud_as_in_the_loudest_channel)
{
  static const float gains[] = {
    0.0f, 0.1f, 0.2f, 0.5f, 0.8f, 1.0f, 1.25f, 2.0f, 3.0f, 4.0f, 5.0f, 10.0f};

  for (size_t i = 0U; i < 2U * sizeof(gains) / sizeof(gains[0]); ++i) {
    const float gain  = i % 2U ? gains[i / 2U] : -gains[i / 2U];
    const Scene scene = {{gain, 1.0f, 0.7f * gain}, 0.0f, 0.0f};
    for (uint32_t n = 1U; n <= 3U; ++n) {
      Ears ears;
      start(&ears, n);
      hear(&ears, &scene, SECOND / 2U);
      const float loudest = fmaxf(fabsf(gain), n > 1U ? 1.0f : 0.0f);
      cr_assert_float_eq(
        heard_level(&ears, &scene), loudest, 1e-4f * loudest + 1e-9f);
    }
  }
}

Test(downmix, silence_is_heard_as_the_mean)
{
  const Scene silence = {{0.0f}, 0.0f, 0.0f};
  Ears        ears;
  start(&ears, 4U);
  cr_assert_eq(grus_downmix_scale(&ears.downmix, ears.rows), 0.25f);
  hear(&ears, &silence, SECOND);
  cr_assert_eq(grus_downmix_scale(&ears.downmix, ears.rows), 0.25f);
}

Test(downmix, sides_in_phase_are_heard_as_their_sum_to_the_bit)
{
  static const float gains[] = {0.3f, 0.7f, 1.0f, 2.0f};

  for (size_t i = 0U; i < sizeof(gains) / sizeof(gains[0]); ++i) {
    const Scene scene = {{gains[i], 1.0f}, 0.3f, 0.0f};
    Ears        ears;
    start(&ears, 2U);
    for (uint32_t hop = 0U; hop < 5U * SECOND; ++hop) {
      hear(&ears, &scene, 1U);
      check_weights(&ears, (const float[]){1.0f, 1.0f});
    }
  }
}

Test(downmix, sides_with_nothing_in_common_are_heard_as_their_sum)
{
  const Scene scene = {{0.0f}, 1.0f, 0.0f};
  Ears        ears;
  start(&ears, 2U);
  for (uint32_t hop = 0U; hop < 60U * SECOND; ++hop) {
    hear(&ears, &scene, 1U);
    check_weights(&ears, (const float[]){1.0f, 1.0f});
  }
}

Test(downmix, opposite_voice_is_heard_through_noise_of_each_side)
{
  const Scene scene = {{-1.0f, 1.0f}, 1.0f, 0.0f};
  Ears        ears;
  start(&ears, 2U);
  hear(&ears, &scene, SECOND / 2U);
  cr_assert_eq(weight(&ears, 0U) * weight(&ears, 1U), -1.0f);
}

Test(downmix, choice_lasts_through_pauses)
{
  const Scene voice   = {{-1.0f, 1.0f}, 0.01f, 1.0f};
  const Scene pause   = {{0.0f, 0.0f}, 0.01f, 1.0f};
  const Scene silence = {{0.0f}, 0.0f, 0.0f};
  Ears        ears;
  start(&ears, 2U);
  hear(&ears, &voice, SECOND);
  for (uint32_t hop = 0U; hop < 10U * SECOND; ++hop) {
    hear(&ears, hop < 5U * SECOND ? &pause : &silence, 1U);
    check_weights(&ears, (const float[]){1.0f, -1.0f});
  }
}

Test(downmix, polarity_that_changes_is_followed)
{
  const Scene same     = {{0.9f, 1.0f}, 0.0f, 0.0f};
  const Scene opposite = {{1.0f, -0.9f}, 0.0f, 0.0f};
  Ears        ears;
  start(&ears, 2U);
  for (uint32_t i = 0U; i < 5U; ++i) {
    hear(&ears, &same, SECOND);
    hear(&ears, &opposite, SECOND / 4U);
    check_weights(&ears, (const float[]){1.0f, -1.0f});
    hear(&ears, &opposite, SECOND);
    hear(&ears, &same, SECOND / 4U);
    check_weights(&ears, (const float[]){1.0f, 1.0f});
  }
}

Test(downmix, side_that_starts_late_is_taken_in_at_once)
{
  const Scene one   = {{1.0f, 0.0f}, 0.0f, 0.0f};
  const Scene other = {{0.0f, -0.7f}, 0.0f, 0.0f};
  Ears        ears;
  start(&ears, 2U);
  hear(&ears, &one, SECOND);
  check_weights(&ears, (const float[]){1.0f, 0.0f});
  hear(&ears, &other, SECOND / 10U);
  cr_assert_gt(weight(&ears, 1U), 0.99f);
  hear(&ears, &other, SECOND);
  check_weights(&ears, (const float[]){0.0f, 1.0f});
}

Test(downmix, many_channels_add_up)
{
  const Scene scene = {{1.0f, -1.0f, 0.8f, -0.5f, 0.01f}, 0.0f, 0.0f};
  Ears        ears;
  start(&ears, 5U);
  hear(&ears, &scene, SECOND);
  check_weights(&ears, (const float[]){1.0f, -1.0f, 1.0f, -1.0f, 0.0f});
}

Test(downmix, weights_move_slowly_and_never_are_all_zero)
{
  static const Scene scenes[] = {
    {{1.0f, 1.0f, 1.0f}, 0.0f, 0.0f},
    {{1.0f, -1.0f, 1.0f}, 0.1f, 0.0f},
    {{0.0f, 0.0f, 0.0f}, 0.0f, 0.0f},
    {{0.21f, 1.0f, 0.0f}, 0.0f, 0.0f},
    {{-0.3f, 0.0f, 1.0f}, 0.1f, 0.0f},
  };

  for (uint32_t n = 2U; n <= 3U; ++n) {
    Ears  ears;
    float before[3] = {1.0f, 1.0f, 1.0f};
    start(&ears, n);
    for (uint32_t hop = 0U; hop < 100U * SECOND; ++hop) {
      hear(&ears, &scenes[(hop / 400U) % 5U], 1U);
      float magnitude = 0.0f;
      for (uint32_t c = 0U; c < n; ++c) {
        // A hop of 5 ms, and 40 ms from one weight to the next
        cr_assert_leq(fabsf(weight(&ears, c) - before[c]), 0.1251f);
        before[c] = weight(&ears, c);
        magnitude += fabsf(before[c]);
      }
      cr_assert_geq(magnitude, 0.999f);
    }
  }
}
