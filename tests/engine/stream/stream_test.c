// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// A stream must give the same bits however it is split, saved or moved: hosts
// do all of that, and a difference is a click that nobody can reproduce.

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
    cr_assert(is_same_later(in, out, latency), "%s", settings[s].what);

    free(out.samples);
    free(in.samples);
    grus_stream_free(stream);
    grus_model_free(model);
  }
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
    cr_assert(is_same_later(a, b, later));

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

Test(stream, tells_which_rate_its_network_runs_at)
{
  // Hops of 5 ms are whole samples at the first three rates only
  static const struct {
    GrusModel* (*model)(void);
    uint32_t host;
    uint32_t network;
  } rates[] = {{writer_frame_model, 48000U, 48000U},
               {writer_frame_model, 32000U, 32000U},
               {writer_frame_model, 16000U, 16000U},
               {writer_frame_model, 44100U, 48000U},
               {writer_sample_model, 44100U, 48000U}};

  for (size_t i = 0U; i < sizeof(rates) / sizeof(rates[0]); ++i) {
    const Setting    setting = {"rates", NULL, rates[i].host, 1U, false, false};
    GrusModel* const model   = rates[i].model();
    GrusStream* const stream = new_stream(model, &setting, NULL);
    cr_assert_eq(grus_stream_network_rate(stream), rates[i].network);
    grus_stream_free(stream);
    grus_model_free(model);
  }
}

Test(stream, tells_which_kernels_it_runs_on)
{
  GrusModel* const model = writer_frame_model();
  for (uint32_t k = 0U; grus_kernels_name(k); ++k) {
    GrusStream* const stream =
      new_stream(model, &settings[0], grus_kernels_name(k));
    cr_assert_str_eq(grus_stream_kernels(stream), grus_kernels_name(k));
    grus_stream_free(stream);
  }

  GrusStream* const best = new_stream(model, &settings[0], NULL);
  cr_assert_str_eq(grus_stream_kernels(best), grus_kernels_name(0U));
  grus_stream_free(best);
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
