// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Linked channels of any polarity sound as one alone would, and a stream that
// finds out on the way what it has to hear keeps all its promises.

#include "model_writer.h"
#include "sound.h"

#include "grus/grus.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
  RATE     = 48000,
  N_FRAMES = 36000,
  FLIP     = 12000, ///< Where one side of flipping() turns over
  FADE     = 17000, ///< After that the stream hears them otherwise
  FADE_END = 24000, ///< By then it does
};

/// One way to run a stream
typedef struct {
  GrusModel* (*model)(void);
  uint32_t sample_rate;
  bool     even; ///< Even load
} Setting;

static const Setting settings[] = {
  {writer_frame_model, RATE, false},
  {writer_frame_model, RATE, true},
  {writer_frame_model, 44100U, false},
  {writer_frame_model, 44100U, true},
  {writer_overlapping_model, RATE, true},
};

enum { N_SETTINGS = sizeof(settings) / sizeof(settings[0]) };

static GrusStream*
new_stream(const GrusModel* const model,
           const Setting* const   setting,
           const uint32_t         n_channels)
{
  const GrusStreamConfig config = {setting->sample_rate, n_channels, NULL};
  GrusStream*            stream = NULL;
  cr_assert_eq(grus_stream_new(model, &config, &stream, NULL), GRUS_SUCCESS);
  grus_stream_set_param(stream, GRUS_PARAM_EVEN_LOAD, setting->even);
  return stream;
}

/// Noise, the left channel the right one times `gain`
static Sound
scaled(const float gain)
{
  const Sound sound = noise(2U, N_FRAMES);
  for (uint32_t i = 0U; i < N_FRAMES; ++i) {
    sound.samples[i] = gain * sound.samples[N_FRAMES + i];
  }

  return sound;
}

/// Noise that is much the same on both sides, and then opposite
static Sound
flipping(void)
{
  const Sound sound = noise(2U, N_FRAMES);
  for (uint32_t i = 0U; i < N_FRAMES; ++i) {
    float* const left  = sound.samples + i;
    float* const right = left + N_FRAMES;
    *right             = (0.1f * *right) + (i < FLIP ? *left : -*left);
  }

  return sound;
}

static double
decibels(const double a, const double b)
{
  return 20.0 * log10(a / b);
}

Test(link, opposite_sides_are_as_loud_as_one_alone)
{
  static const float gains[] = {
    0.0f, 0.1f, 0.2f, 0.3f, 0.5f, 0.7f, 1.0f, 1.5f, 3.0f, 5.0f, 10.0f};

  const size_t from = FLIP; // Both have begun to hear
  for (size_t i = 0U; i < 2U * sizeof(gains) / sizeof(gains[0]); ++i) {
    const float       gain  = i % 2U ? gains[i / 2U] : -gains[i / 2U];
    const uint32_t    side  = fabsf(gain) > 1.0f ? 0U : 1U; // The louder
    GrusModel* const  model = writer_frame_model();
    GrusStream* const two   = new_stream(model, &settings[0], 2U);
    GrusStream* const one   = new_stream(model, &settings[0], 1U);
    const Sound       in    = scaled(gain);
    const Sound mono  = {1U, N_FRAMES, in.samples + ((size_t)side * N_FRAMES)};
    const Sound both  = run_in_blocks(two, in, 0U);
    const Sound alone = run_in_blocks(one, mono, 0U);
    const float* const heard = both.samples + ((size_t)side * N_FRAMES);

    const double louder = decibels(rms(heard + from, N_FRAMES - from),
                                   rms(alone.samples + from, N_FRAMES - from));
    cr_assert_lt(fabs(louder), 1.0, "%g: %g dB", (double)gain, louder);
    for (uint32_t k = 0U; k < N_FRAMES; ++k) {
      cr_assert_float_eq(
        both.samples[k], gain * both.samples[N_FRAMES + k], 2e-6f);
    }

    free(alone.samples);
    free(both.samples);
    free(in.samples);
    grus_stream_free(one);
    grus_stream_free(two);
    grus_model_free(model);
  }
}

Test(link, opposite_sides_are_heard_as_the_first_of_them)
{
  GrusModel* const  model = writer_frame_model();
  GrusStream* const two   = new_stream(model, &settings[0], 2U);
  GrusStream* const one   = new_stream(model, &settings[0], 1U);
  const Sound       in    = scaled(-1.0f);
  const Sound       left  = {1U, N_FRAMES, in.samples};
  const Sound       both  = run_in_blocks(two, in, 0U);
  const Sound       alone = run_in_blocks(one, left, 0U);

  // What the network heard until it was turned over is forgotten by now
  for (uint32_t i = FLIP; i < N_FRAMES; ++i) {
    cr_assert_float_eq(both.samples[i], alone.samples[i], 1e-5f);
    cr_assert_eq(both.samples[N_FRAMES + i], -both.samples[i]);
  }

  free(alone.samples);
  free(both.samples);
  free(in.samples);
  grus_stream_free(one);
  grus_stream_free(two);
  grus_model_free(model);
}

/// Return the largest step from one sample to the next
static float
largest_step(const float* const x, const uint32_t from, const uint32_t to)
{
  float largest = 0.0f;
  for (uint32_t i = from + 1U; i < to; ++i) {
    largest = fmaxf(largest, fabsf(x[i] - x[i - 1U]));
  }

  return largest;
}

Test(link, side_that_turns_over_makes_no_step_on_the_other)
{
  GrusModel* const  model  = writer_frame_model();
  GrusStream* const stream = new_stream(model, &settings[0], 2U);
  const Sound       in     = new_sound(2U, N_FRAMES);
  for (uint32_t i = 0U; i < N_FRAMES; ++i) {
    in.samples[i]            = 0.3f * sinf(0.0654498f * (float)i); // 500 Hz
    in.samples[N_FRAMES + i] = i < FLIP ? in.samples[i] : -in.samples[i];
  }

  const Sound out    = run_in_blocks(stream, in, 0U);
  const float before = largest_step(out.samples, FADE - 2000U, FADE);
  const float during = largest_step(out.samples, FADE, FADE_END);
  const float after  = largest_step(out.samples, FADE_END, N_FRAMES);
  cr_assert_gt(before, 1e-4f);
  cr_assert_leq(during, 1.01f * fmaxf(before, after));

  free(out.samples);
  free(in.samples);
  grus_stream_free(stream);
  grus_model_free(model);
}

Test(link, every_split_gives_the_same_bits)
{
  static const uint32_t blocks[] = {1U, 64U, 1000U, 0U};

  for (size_t s = 0U; s < N_SETTINGS; ++s) {
    GrusModel* const  model  = settings[s].model();
    GrusStream* const stream = new_stream(model, &settings[s], 2U);
    const Sound       in     = flipping();
    const Sound       whole  = run_in_blocks(stream, in, N_FRAMES);
    for (size_t b = 0U; b < sizeof(blocks) / sizeof(blocks[0]); ++b) {
      grus_stream_reset(stream);
      const Sound split = run_in_blocks(stream, in, blocks[b]);
      cr_assert(is_same(whole, split), "setting %zu, %u", s, blocks[b]);
      free(split.samples);
    }
    free(whole.samples);
    free(in.samples);
    grus_stream_free(stream);
    grus_model_free(model);
  }
}

Test(link, saved_state_continues_within_a_fade)
{
  for (size_t s = 0U; s < N_SETTINGS; ++s) {
    GrusModel* const  model = settings[s].model();
    GrusStream* const one   = new_stream(model, &settings[s], 2U);
    GrusStream* const two   = new_stream(model, &settings[s], 2U);
    const Sound       in    = flipping();
    const Sound       whole = run_in_blocks(one, in, 0U);
    const size_t      size  = grus_stream_state_size(one);
    void* const       state = malloc(size);

    grus_stream_reset(one);
    const Sound moved = new_sound(2U, N_FRAMES);
    for (uint32_t from = 0U; from < N_FRAMES; from += 777U) {
      const uint32_t to = from + 777U < N_FRAMES ? from + 777U : N_FRAMES;
      cr_assert_eq(grus_stream_get_state(one, state, size), GRUS_SUCCESS);
      run(two, in, moved, 5U, 15000U); // Something to be forgotten
      cr_assert_eq(grus_stream_set_state(two, state, size, NULL), GRUS_SUCCESS);
      run(two, in, moved, from, to);
      cr_assert_eq(grus_stream_get_state(two, state, size), GRUS_SUCCESS);
      cr_assert_eq(grus_stream_set_state(one, state, size, NULL), GRUS_SUCCESS);
      for (uint32_t c = 0U; c < 2U; ++c) {
        const size_t place = ((size_t)c * N_FRAMES) + from;
        cr_assert(!memcmp(whole.samples + place,
                          moved.samples + place,
                          (to - from) * sizeof(float)),
                  "setting %zu, from %u on",
                  s,
                  from);
      }
    }

    free(moved.samples);
    free(state);
    free(whole.samples);
    free(in.samples);
    grus_stream_free(two);
    grus_stream_free(one);
    grus_model_free(model);
  }
}

Test(link, even_load_gives_the_same_bits_later)
{
  GrusModel* const  model = writer_frame_model();
  GrusStream* const one   = new_stream(model, &settings[0], 2U);
  GrusStream* const two   = new_stream(model, &settings[1], 2U);
  const Sound       in    = flipping();
  const Sound       a     = run_in_blocks(one, in, 0U);
  const Sound       b     = run_in_blocks(two, in, 0U);
  const uint32_t    later = grus_stream_latency(two) - grus_stream_latency(one);
  cr_assert(is_same_later(a, b, later));

  free(b.samples);
  free(a.samples);
  free(in.samples);
  grus_stream_free(two);
  grus_stream_free(one);
  grus_model_free(model);
}

Test(link, reset_and_nan_forget_what_was_heard)
{
  for (unsigned poisoned = 0U; poisoned < 2U; ++poisoned) {
    GrusModel* const  model  = writer_frame_model();
    GrusStream* const stream = new_stream(model, &settings[0], 2U);
    const Sound       in     = flipping();
    const Sound       first  = run_in_blocks(stream, in, 0U);
    if (poisoned) {
      const Sound bad = new_sound(2U, 1U);
      bad.samples[1]  = NAN;
      run(stream, bad, bad, 0U, 1U);
      cr_assert_eq(grus_stream_faults(stream), 1U);
      free(bad.samples);
    } else {
      grus_stream_reset(stream);
    }
    const Sound again = run_in_blocks(stream, in, 0U);
    cr_assert(is_same(first, again));

    free(again.samples);
    free(first.samples);
    free(in.samples);
    grus_stream_free(stream);
    grus_model_free(model);
  }
}
