// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// A stream must give the same bits however it is split, saved or moved: hosts
// do all of that, and a difference is a click that nobody can reproduce.

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

enum { N_FRAMES = 20000 };

/// One way to run a stream
typedef struct {
  const char* what;
  GrusModel* (*model)(void);
  uint32_t sample_rate;
  uint32_t n_channels;
  bool     even;  ///< Even load
  bool     apart; ///< Channels are not linked
} Setting;

/// Frame networks at their own rate, at a proportional one and resampled both
/// ways, with an even load and without; sample networks at their own rate and
/// resampled
static const Setting settings[] = {
  {"frames at 48 kHz", writer_frame_model, 48000U, 1U, false, false},
  {"frames at 16 kHz", writer_frame_model, 16000U, 2U, false, false},
  {"frames at 44.1 kHz", writer_frame_model, 44100U, 2U, false, false},
  {"frames at 11.025 kHz", writer_frame_model, 11025U, 1U, false, false},
  {"frames at 96.001 kHz", writer_frame_model, 96001U, 1U, false, false},
  {"frames apart", writer_frame_model, 48000U, 3U, false, true},
  {"even frames at 48 kHz", writer_frame_model, 48000U, 1U, true, false},
  {"even linked frames", writer_frame_model, 32000U, 2U, true, false},
  {"even frames apart", writer_frame_model, 48000U, 2U, true, true},
  {"even frames at 44.1 kHz", writer_frame_model, 44100U, 2U, true, false},
  {"short hops at 48 kHz", writer_overlapping_model, 48000U, 1U, false, false},
  {"short hops at 16 kHz", writer_overlapping_model, 16000U, 2U, false, false},
  {"even short hops", writer_overlapping_model, 32000U, 2U, true, false},
  {"samples at 48 kHz", writer_sample_model, 48000U, 3U, false, false},
  {"samples at 44.1 kHz", writer_sample_model, 44100U, 1U, false, false},
  {"samples through bytes", writer_int8_model, 48000U, 3U, false, false},
  {"samples at 192 kHz", writer_sample_model, 192000U, 1U, false, false},
};

enum { N_SETTINGS = sizeof(settings) / sizeof(settings[0]) };

static GrusStream*
new_stream(const GrusModel* const model,
           const Setting* const   setting,
           const char* const      kernels)
{
  const GrusStreamConfig config = {
    setting->sample_rate, setting->n_channels, kernels};
  GrusStream* stream = NULL;
  GrusMessage message;
  cr_assert_eq(grus_stream_new(model, &config, &stream, &message),
               GRUS_SUCCESS,
               "%s: %s",
               setting->what,
               message.text);
  grus_stream_set_param(stream, GRUS_PARAM_EVEN_LOAD, setting->even);
  grus_stream_set_param(stream, GRUS_PARAM_LINK, !setting->apart);
  return stream;
}

Test(stream, every_split_gives_the_same_bits)
{
  static const uint32_t blocks[] = {1U, 64U, 480U, 1000U, 0U};

  for (size_t s = 0U; s < N_SETTINGS; ++s) {
    GrusModel* const model = settings[s].model();
    const Sound      in    = noise(settings[s].n_channels, N_FRAMES);
    for (uint32_t k = 0U; grus_kernels_name(k); ++k) {
      GrusStream* const stream =
        new_stream(model, &settings[s], grus_kernels_name(k));
      const Sound whole = run_in_blocks(stream, in, N_FRAMES);
      cr_assert_gt(rms(whole.samples, N_FRAMES), 1e-4, "%s", settings[s].what);
      for (size_t b = 0U; b < sizeof(blocks) / sizeof(blocks[0]); ++b) {
        grus_stream_reset(stream);
        const Sound split = run_in_blocks(stream, in, blocks[b]);
        cr_assert(is_same(whole, split),
                  "%s, %s, blocks of %u",
                  settings[s].what,
                  grus_kernels_name(k),
                  blocks[b]);
        free(split.samples);
      }
      free(whole.samples);
      grus_stream_free(stream);
    }
    free(in.samples);
    grus_model_free(model);
  }
}

Test(stream, in_place_is_out_of_place)
{
  for (size_t s = 0U; s < N_SETTINGS; ++s) {
    GrusModel* const  model  = settings[s].model();
    GrusStream* const stream = new_stream(model, &settings[s], NULL);
    const Sound       in     = noise(settings[s].n_channels, N_FRAMES);
    const Sound       out    = run_in_blocks(stream, in, 333U);

    grus_stream_reset(stream);
    for (uint32_t done = 0U; done < N_FRAMES; done += 400U) {
      run(stream, in, in, done, done + 400U);
    }
    cr_assert(is_same(in, out), "%s", settings[s].what);

    free(out.samples);
    free(in.samples);
    grus_stream_free(stream);
    grus_model_free(model);
  }
}

Test(stream, saved_state_continues_in_another_stream)
{
  // Odd places: within a hop, before the filters are full, after many periods
  static const uint32_t places[] = {0U, 17U, 1234U, 9999U};

  for (size_t s = 0U; s < N_SETTINGS; ++s) {
    GrusModel* const  model = settings[s].model();
    GrusStream* const one   = new_stream(model, &settings[s], NULL);
    GrusStream* const two   = new_stream(model, &settings[s], NULL);
    const Sound       in    = noise(settings[s].n_channels, N_FRAMES);
    grus_stream_set_param(one, GRUS_PARAM_REDUCTION, 12.0f);
    const Sound  whole = run_in_blocks(one, in, N_FRAMES);
    const size_t size  = grus_stream_state_size(one);
    void* const  state = malloc(size);

    for (size_t p = 0U; p < sizeof(places) / sizeof(places[0]); ++p) {
      const Sound moved = new_sound(in.n_channels, N_FRAMES);
      grus_stream_reset(one);
      run(one, in, moved, 0U, places[p]);
      cr_assert_eq(grus_stream_get_state(one, state, size), GRUS_SUCCESS);
      run(two, in, moved, 0U, 5000U); // Something to be forgotten
      run(one, in, moved, 0U, 10U);
      cr_assert_eq(grus_stream_set_state(two, state, size, NULL), GRUS_SUCCESS);
      cr_assert_float_eq(
        grus_stream_param(two, GRUS_PARAM_REDUCTION), 12.0f, 0.0f);
      run(two, in, moved, places[p], N_FRAMES);
      cr_assert(!memcmp(whole.samples + places[p],
                        moved.samples + places[p],
                        (N_FRAMES - places[p]) * sizeof(float)),
                "%s, saved after %u frames",
                settings[s].what,
                places[p]);
      free(moved.samples);
    }

    free(state);
    free(whole.samples);
    free(in.samples);
    grus_stream_free(two);
    grus_stream_free(one);
    grus_model_free(model);
  }
}

Test(stream, refuses_states_that_it_did_not_write)
{
  GrusModel* const  model  = writer_frame_model();
  GrusModel* const  other  = writer_sample_model();
  GrusStream* const stream = new_stream(model, &settings[2], NULL);
  const Sound       in     = noise(2U, 4000U);
  const Sound       before = run_in_blocks(stream, in, 100U);
  const size_t      size   = grus_stream_state_size(stream);
  uint8_t* const    state  = (uint8_t*)malloc(size);
  uint8_t* const    now    = (uint8_t*)malloc(size);
  GrusMessage       message;

  cr_assert_eq(grus_stream_get_state(stream, state, size - 1U),
               GRUS_ERR_BAD_ARG);
  cr_assert_eq(grus_stream_get_state(stream, state, size), GRUS_SUCCESS);
  for (size_t n = 0U; n < 300U; ++n) {
    cr_assert_eq(grus_stream_set_state(stream, state, n, &message),
                 GRUS_ERR_BAD_FORMAT);
  }
  for (size_t i = 0U; i < size; i += i < 200U ? 1U : 997U) {
    state[i] ^= 0x10U;
    cr_assert_eq(grus_stream_set_state(stream, state, size, &message),
                 GRUS_ERR_BAD_FORMAT);
    state[i] ^= 0x10U;
  }

  // One of an older version says so
  state[7] = '3';
  cr_assert_eq(grus_stream_set_state(stream, state, size, &message),
               GRUS_ERR_BAD_FORMAT);
  cr_assert_str_eq(message.text, "the state is of another version of Grus");
  state[7] = '4';

  // On error the stream is as it was
  cr_assert_eq(grus_stream_get_state(stream, now, size), GRUS_SUCCESS);
  cr_assert(!memcmp(now, state, size));

  const Setting     mono    = {"", NULL, 44100U, 1U, false, false};
  const Setting     slow    = {"", NULL, 22050U, 2U, false, false};
  GrusStream* const alien[] = {new_stream(model, &mono, NULL),
                               new_stream(model, &slow, NULL),
                               new_stream(other, &settings[2], NULL)};
  for (size_t i = 0U; i < 3U; ++i) {
    cr_assert_eq(grus_stream_set_state(alien[i], state, size, &message),
                 GRUS_ERR_MISMATCH);
    grus_stream_free(alien[i]);
  }

  free(now);
  free(state);
  free(before.samples);
  free(in.samples);
  grus_stream_free(stream);
  grus_model_free(other);
  grus_model_free(model);
}

static void
check_latency(GrusModel* const model)
{
  static const uint32_t rates[] = {
    8000U, 16000U, 22050U, 32000U, 44100U, 48000U, 88200U, 96000U, 192000U};

  for (size_t r = 0U; r < sizeof(rates) / sizeof(rates[0]); ++r) {
    const Setting     setting = {"identity", NULL, rates[r], 1U, false, false};
    GrusStream* const stream  = new_stream(model, &setting, NULL);
    const uint32_t    latency = grus_stream_latency(stream);
    const uint32_t    n       = rates[r];
    const Sound       in      = new_sound(1U, n);
    for (uint32_t i = 0U; i < n; ++i) {
      in.samples[i] = sinf(6.2831853f * 440.0f * (float)i / (float)rates[r]) +
                      sinf(6.2831853f * 3000.0f * (float)i / (float)rates[r]);
    }

    // Wet alone, and the difference to the dry sound that runs beside it
    const Sound  wet   = run_in_blocks(stream, in, 0U);
    const size_t start = n / 2U;
    double       error = 0.0;
    for (size_t i = start; i < n; ++i) {
      error = fmax(
        error, fabs((double)wet.samples[i] - (double)in.samples[i - latency]));
    }
    cr_assert_lt(error, 2e-3, "%u Hz: error %g", rates[r], error);

    grus_stream_reset(stream);
    grus_stream_set_param(stream, GRUS_PARAM_LISTEN, 1.0f);
    const Sound removed = run_in_blocks(stream, in, 0U);
    cr_assert_lt(rms(removed.samples + start, n - start),
                 1e-3,
                 "%u Hz: dry and wet are not aligned",
                 rates[r]);

    free(removed.samples);
    free(wet.samples);
    free(in.samples);
    grus_stream_free(stream);
  }
  grus_model_free(model);
}

Test(stream, latency_is_exact_at_any_rate)
{
  check_latency(writer_identity_model());
}

Test(stream, latency_of_short_hops_is_exact_at_any_rate)
{
  check_latency(writer_overlapping_identity_model());
}

Test(stream, bypass_is_the_input_late)
{
  for (size_t s = 0U; s < N_SETTINGS; ++s) {
    GrusModel* const  model  = settings[s].model();
    GrusStream* const stream = new_stream(model, &settings[s], NULL);
    const Sound       in     = noise(settings[s].n_channels, N_FRAMES);
    grus_stream_set_param(stream, GRUS_PARAM_ENABLED, 0.0f);
    const Sound    out     = run_in_blocks(stream, in, 0U);
    const uint32_t latency = grus_stream_latency(stream);
    cr_assert(!memcmp(out.samples + latency,
                      in.samples,
                      (N_FRAMES - latency) * sizeof(float)),
              "%s",
              settings[s].what);

    free(out.samples);
    free(in.samples);
    grus_stream_free(stream);
    grus_model_free(model);
  }
}

Test(stream, reduction_and_listen_are_shares_of_wet_and_dry)
{
  GrusModel* const  model  = writer_frame_model();
  GrusStream* const stream = new_stream(model, &settings[0], NULL);
  const Sound       in     = noise(1U, N_FRAMES);
  const uint32_t    late   = grus_stream_latency(stream);
  const Sound       wet    = run_in_blocks(stream, in, 0U);
  grus_stream_reset(stream);
  grus_stream_set_param(stream, GRUS_PARAM_REDUCTION, 20.0f);
  const Sound clean = run_in_blocks(stream, in, 0U);
  grus_stream_reset(stream);
  grus_stream_set_param(stream, GRUS_PARAM_LISTEN, 1.0f);
  const Sound removed = run_in_blocks(stream, in, 0U);

  for (uint32_t i = late; i < N_FRAMES; ++i) {
    const float dry = in.samples[i - late];
    cr_assert_float_eq(
      clean.samples[i], (0.9f * wet.samples[i]) + (0.1f * dry), 1e-6f);
    cr_assert_float_eq(clean.samples[i] + removed.samples[i], dry, 1e-6f);
  }

  free(removed.samples);
  free(clean.samples);
  free(wet.samples);
  free(in.samples);
  grus_stream_free(stream);
  grus_model_free(model);
}

Test(stream, parameters_change_without_a_jump)
{
  GrusModel* const  model  = writer_identity_model();
  GrusStream* const stream = new_stream(model, &settings[0], NULL);
  const Sound       in     = new_sound(1U, N_FRAMES);
  const Sound       out    = new_sound(1U, N_FRAMES);
  for (uint32_t i = 0U; i < N_FRAMES; ++i) {
    in.samples[i] = 0.5f;
  }

  run(stream, in, out, 0U, 10000U);
  grus_stream_set_param(stream, GRUS_PARAM_LISTEN, 1.0f);
  run(stream, in, out, 10000U, N_FRAMES);
  for (uint32_t i = 5001U; i < N_FRAMES; ++i) {
    cr_assert_lt(fabsf(out.samples[i] - out.samples[i - 1U]), 1e-3f);
  }
  cr_assert_float_eq(out.samples[9999], 0.5f, 1e-4f);
  cr_assert_float_eq(out.samples[N_FRAMES - 1U], 0.0f, 1e-4f);

  free(out.samples);
  free(in.samples);
  grus_stream_free(stream);
  grus_model_free(model);
}

Test(stream, parameters_stay_in_their_range)
{
  GrusModel* const  model  = writer_frame_model();
  GrusStream* const stream = new_stream(model, &settings[0], NULL);

  grus_stream_set_param(stream, GRUS_PARAM_REDUCTION, -3.0f);
  cr_assert_float_eq(grus_stream_param(stream, GRUS_PARAM_REDUCTION), 0.0f, 0);
  grus_stream_set_param(stream, GRUS_PARAM_REDUCTION, INFINITY);
  cr_assert_float_eq(
    grus_stream_param(stream, GRUS_PARAM_REDUCTION), 100.0f, 0);
  grus_stream_set_param(stream, GRUS_PARAM_REDUCTION, NAN);
  cr_assert_float_eq(
    grus_stream_param(stream, GRUS_PARAM_REDUCTION), 100.0f, 0);
  grus_stream_set_param(stream, GRUS_PARAM_LISTEN, 0.7f);
  cr_assert_float_eq(grus_stream_param(stream, GRUS_PARAM_LISTEN), 1.0f, 0);
  grus_stream_set_param(stream, (GrusParam)99, 1.0f);
  cr_assert_float_eq(grus_stream_param(stream, (GrusParam)99), 0.0f, 0);

  grus_stream_free(stream);
  grus_model_free(model);
}

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

Test(stream, even_load_gives_the_same_bits_later)
{
  GrusModel* const model = writer_frame_model();
  for (unsigned apart = 0U; apart < 2U; ++apart) {
    const Setting     at_once = {"at once", NULL, 48000U, 2U, false, apart};
    const Setting     evenly  = {"evenly", NULL, 48000U, 2U, true, apart};
    GrusStream* const one     = new_stream(model, &at_once, NULL);
    GrusStream* const two     = new_stream(model, &evenly, NULL);
    const Sound       in      = noise(2U, N_FRAMES);
    const Sound       a       = run_in_blocks(one, in, 0U);
    const Sound       b       = run_in_blocks(two, in, 0U);

    const uint32_t later = grus_stream_latency(two) - grus_stream_latency(one);
    cr_assert_eq(2U * later, grus_stream_latency(one));
    for (uint32_t c = 0U; c < 2U; ++c) {
      cr_assert(!memcmp(a.samples + (c * N_FRAMES),
                        b.samples + (c * N_FRAMES) + later,
                        (N_FRAMES - later) * sizeof(float)));
    }

    free(b.samples);
    free(a.samples);
    free(in.samples);
    grus_stream_free(two);
    grus_stream_free(one);
  }
  grus_model_free(model);
}

Test(stream, even_load_counts_from_the_next_start)
{
  GrusModel* const  model  = writer_frame_model();
  GrusStream* const stream = new_stream(model, &settings[0], NULL);
  const Sound       in     = noise(1U, N_FRAMES);
  const Sound       out    = new_sound(1U, N_FRAMES);
  const uint32_t    early  = grus_stream_latency(stream);

  run(stream, in, out, 0U, 100U);
  grus_stream_set_param(stream, GRUS_PARAM_EVEN_LOAD, 1.0f);
  run(stream, in, out, 100U, N_FRAMES);
  cr_assert_eq(grus_stream_latency(stream), early);
  grus_stream_reset(stream);
  cr_assert_gt(grus_stream_latency(stream), early);

  free(out.samples);
  free(in.samples);
  grus_stream_free(stream);
  grus_model_free(model);
}

Test(stream, gains_multiply)
{
  GrusModel* const  model  = writer_identity_model();
  GrusStream* const stream = new_stream(model, &settings[0], NULL);
  const Sound       in     = noise(1U, N_FRAMES);
  const uint32_t    late   = grus_stream_latency(stream);

  for (unsigned wet = 0U; wet < 2U; ++wet) {
    grus_stream_reset(stream);
    grus_stream_set_param(stream, GRUS_PARAM_REDUCTION, wet ? 100.0f : 0.0f);
    grus_stream_set_param(stream, GRUS_PARAM_INPUT_GAIN, 12.0f);
    grus_stream_set_param(stream, GRUS_PARAM_OUTPUT_GAIN, -6.0f);
    const Sound out = run_in_blocks(stream, in, 0U);
    for (uint32_t i = late; i < N_FRAMES; ++i) {
      cr_assert_float_eq(
        out.samples[i], 1.9952623f * in.samples[i - late], 1e-5f);
    }
    free(out.samples);
  }

  free(in.samples);
  grus_stream_free(stream);
  grus_model_free(model);
}

/// The activity of this model is the gain of its band, about a half
Test(stream, gate_opens_on_activity)
{
  GrusModel* const  model  = writer_frame_model();
  GrusStream* const stream = new_stream(model, &settings[0], NULL);
  const Sound       in     = noise(1U, N_FRAMES);
  const Sound       free_  = run_in_blocks(stream, in, 0U);
  const float       voice  = grus_stream_meter(stream, GRUS_METER_ACTIVITY);
  cr_assert(voice > 0.05f && voice < 0.95f);

  grus_stream_set_param(stream, GRUS_PARAM_GATE, 0.01f);
  grus_stream_reset(stream);
  const Sound open = run_in_blocks(stream, in, 0U);
  cr_assert(is_same(free_, open));

  grus_stream_set_param(stream, GRUS_PARAM_GATE, 1.0f);
  grus_stream_set_param(stream, GRUS_PARAM_GATE_HOLD, 50.0f);
  grus_stream_set_param(stream, GRUS_PARAM_GATE_RELEASE, 50.0f);
  grus_stream_reset(stream);
  const Sound shut = run_in_blocks(stream, in, 0U);
  cr_assert_gt(rms(shut.samples, 5000U), 1e-5);
  cr_assert_eq(rms(shut.samples + 15000, 5000U), 0.0);

  free(shut.samples);
  free(open.samples);
  free(free_.samples);
  free(in.samples);
  grus_stream_free(stream);
  grus_model_free(model);
}

/// A file may name any layer: here one of 3 is taken for a probability
Test(stream, activity_stays_a_probability)
{
  static const char* const json =
    "{\"format\": 1, \"name\": \"t\", \"kind\": \"frame\","
    " \"sample_rate\": 48000, \"frontend\": {\"window\": 480, \"hop\": 240,"
    " \"scale\": 0.1, \"power\": 0.3, \"log_floor\": -18.0,"
    " \"log_scale\": 0.12, \"log_offset\": 0.5},"
    " \"layers\": [{\"name\": \"e\", \"type\": \"band_energy\","
    "  \"first_bin\": 0, \"bands\": [[1, 241]]},"
    "  {\"name\": \"n\", \"type\": \"layer_norm\", \"tensors\": \"n\","
    "   \"size\": 1, \"eps\": 1e-5}],"
    " \"output\": {\"gains\": {\"layer\": \"n\", \"first_bin\": 0,"
    "  \"bands\": [[1, 241]]}, \"activity\": \"n\"}}";
  static const WriterTensor tensors[] = {{"n.weight", 1U, {1U}},
                                         {"n.bias", 1U, {1U}}};
  const float               values[]  = {1.0f, 3.0f};

  const WriterFile file = writer_file(json, tensors, 2U);
  memcpy(file.bytes + file.data_offset, values, sizeof(values));
  GrusModel* model = NULL;
  cr_assert_eq(grus_model_parse(file.bytes, file.size, &model, NULL),
               GRUS_SUCCESS);

  GrusStream* const stream = new_stream(model, &settings[0], NULL);
  const Sound       in     = noise(1U, N_FRAMES);
  free(run_in_blocks(stream, in, 0U).samples);
  cr_expect_eq(grus_stream_meter(stream, GRUS_METER_ACTIVITY), 1.0f);

  const size_t size  = grus_stream_state_size(stream);
  void* const  state = malloc(size);
  cr_expect_eq(grus_stream_get_state(stream, state, size), GRUS_SUCCESS);
  cr_expect_eq(grus_stream_set_state(stream, state, size, NULL), GRUS_SUCCESS);

  free(state);
  free(in.samples);
  grus_stream_free(stream);
  grus_model_free(model);
  free(file.bytes);
}

Test(stream, meters_show_levels)
{
  GrusModel* const  model  = writer_identity_model();
  GrusStream* const stream = new_stream(model, &settings[0], NULL);
  const Sound       in     = new_sound(1U, N_FRAMES);
  for (uint32_t i = 0U; i < N_FRAMES; ++i) {
    in.samples[i] = i % 2U ? 0.1f : -0.1f;
  }

  cr_assert_eq(grus_stream_meter(stream, GRUS_METER_INPUT_LEVEL), -100.0f);
  grus_stream_set_param(stream, GRUS_PARAM_OUTPUT_GAIN, 6.0f);
  free(run_in_blocks(stream, in, 256U).samples);
  cr_assert_float_eq(
    grus_stream_meter(stream, GRUS_METER_INPUT_LEVEL), -20.0f, 0.01f);
  cr_assert_float_eq(
    grus_stream_meter(stream, GRUS_METER_OUTPUT_LEVEL), -14.0f, 0.1f);
  cr_assert_lt(grus_stream_meter(stream, GRUS_METER_REDUCTION), 1.0f);
  cr_assert_eq(grus_stream_meter(stream, (GrusMeter)99), 0.0f);

  free(in.samples);
  grus_stream_free(stream);
  grus_model_free(model);
}

Test(stream, refuses_what_it_cannot_run)
{
  static const GrusStreamConfig bad[] = {{3999U, 1U, NULL},
                                         {768001U, 1U, NULL},
                                         {48000U, 0U, NULL},
                                         {48000U, 33U, NULL},
                                         {48000U, 1U, "abacus"}};

  GrusModel* const model = writer_frame_model();
  for (size_t i = 0U; i < sizeof(bad) / sizeof(bad[0]); ++i) {
    GrusStream* stream = NULL;
    GrusMessage message;
    cr_assert_eq(grus_stream_new(model, &bad[i], &stream, &message),
                 GRUS_ERR_BAD_ARG);
    cr_assert_null(stream);
    cr_assert_gt(strlen(message.text), 10U);
  }

  grus_stream_free(NULL);
  grus_model_free(NULL);
  grus_model_free(model);
}
