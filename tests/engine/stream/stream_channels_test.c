// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Channels that are linked, that are apart, and that are damaged

#include "model_writer.h"
#include "sound.h"
#include "stream_settings.h"

#include "grus/grus.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

Test(stream, nan_and_infinity_do_not_survive_the_block)
{
  static const float poisons[] = {NAN, INFINITY, -INFINITY};

  for (size_t s = 0U; s < N_SETTINGS; ++s) {
    GrusModel* const  model  = settings[s].model();
    GrusStream* const stream = new_stream(model, &settings[s], NULL);
    GrusStream* const fresh  = new_stream(model, &settings[s], NULL);
    const Sound       in     = noise(settings[s].n_channels, N_FRAMES);
    const Sound       out    = new_sound(in.n_channels, N_FRAMES);
    const Sound       clean  = new_sound(in.n_channels, N_FRAMES);
    for (uint32_t i = 0U; i < 3U; ++i) {
      const size_t place = (size_t)((in.n_channels - 1U) * N_FRAMES) + 5050U;
      const float  saved = in.samples[place];
      run(stream, in, out, 0U, 5000U);
      in.samples[place] = poisons[i];
      run(stream, in, out, 5000U, 5100U);
      in.samples[place] = saved;
      for (uint32_t f = 5000U; f < 5100U; ++f) {
        cr_assert_float_eq(out.samples[f], 0.0f, 0.0f);
      }
      cr_assert_eq(grus_stream_faults(stream), i + 1U);

      // What follows is what a new stream would give
      run(stream, in, out, 5100U, N_FRAMES);
      grus_stream_reset(fresh);
      run(fresh, in, clean, 5100U, N_FRAMES);
      cr_assert(!memcmp(out.samples + 5100,
                        clean.samples + 5100,
                        (N_FRAMES - 5100U) * sizeof(float)),
                "%s",
                settings[s].what);
    }

    free(clean.samples);
    free(out.samples);
    free(in.samples);
    grus_stream_free(fresh);
    grus_stream_free(stream);
    grus_model_free(model);
  }
}

Test(stream, enormous_input_stays_finite)
{
  for (size_t s = 0U; s < N_SETTINGS; ++s) {
    GrusModel* const  model  = settings[s].model();
    GrusStream* const stream = new_stream(model, &settings[s], NULL);
    const Sound       in     = noise(settings[s].n_channels, N_FRAMES);
    for (uint32_t i = 0U; i < N_FRAMES; ++i) {
      in.samples[i] *= 1e37f;
    }
    const Sound out = run_in_blocks(stream, in, 100U);
    for (uint32_t i = 0U; i < N_FRAMES; ++i) {
      cr_assert(isfinite(out.samples[i]), "%s", settings[s].what);
    }

    free(out.samples);
    free(in.samples);
    grus_stream_free(stream);
    grus_model_free(model);
  }
}

Test(stream, channels_apart_do_not_hear_each_other)
{
  GrusModel* const model = writer_frame_model();
  const Setting    many  = {
        "32 channels", NULL, 44100U, GRUS_MAX_CHANNELS, false, true};
  const Setting     mono = {"1 channel", NULL, 44100U, 1U, false, false};
  GrusStream* const all  = new_stream(model, &many, NULL);
  GrusStream* const one  = new_stream(model, &mono, NULL);
  const Sound       in   = noise(GRUS_MAX_CHANNELS, 6000U);
  const Sound       out  = run_in_blocks(all, in, 0U);

  for (uint32_t c = 0U; c < GRUS_MAX_CHANNELS; ++c) {
    const Sound channel = {1U, 6000U, in.samples + ((size_t)c * 6000U)};
    grus_stream_reset(one);
    const Sound alone = run_in_blocks(one, channel, 0U);
    cr_assert(!memcmp(alone.samples,
                      out.samples + ((size_t)c * 6000U),
                      6000U * sizeof(float)),
              "channel %u",
              c);
    free(alone.samples);
  }

  free(out.samples);
  free(in.samples);
  grus_stream_free(one);
  grus_stream_free(all);
  grus_model_free(model);
}

Test(stream, linked_channels_keep_the_image)
{
  GrusModel* const  model  = writer_frame_model();
  const Setting     stereo = {"stereo", NULL, 48000U, 2U, false, false};
  GrusStream* const two    = new_stream(model, &stereo, NULL);
  GrusStream* const one    = new_stream(model, &settings[0], NULL);
  const Sound       in     = noise(2U, N_FRAMES);
  const Sound       mono   = {1U, N_FRAMES, in.samples};

  // Both sides the same: the bits of one
  memcpy(in.samples + N_FRAMES, in.samples, N_FRAMES * sizeof(float));
  const Sound alone = run_in_blocks(one, mono, 0U);
  const Sound same  = run_in_blocks(two, in, 0U);
  cr_assert(!memcmp(alone.samples, same.samples, N_FRAMES * sizeof(float)));
  cr_assert(
    !memcmp(alone.samples, same.samples + N_FRAMES, N_FRAMES * sizeof(float)));

  // One side at a quarter stays at a quarter
  for (uint32_t i = 0U; i < N_FRAMES; ++i) {
    in.samples[N_FRAMES + i] = 0.25f * in.samples[i];
  }
  grus_stream_reset(two);
  const Sound image = run_in_blocks(two, in, 0U);
  for (uint32_t i = 0U; i < N_FRAMES; ++i) {
    cr_assert_float_eq(
      image.samples[N_FRAMES + i], 0.25f * image.samples[i], 1e-6f);
  }

  free(image.samples);
  free(same.samples);
  free(alone.samples);
  free(in.samples);
  grus_stream_free(one);
  grus_stream_free(two);
  grus_model_free(model);
}
