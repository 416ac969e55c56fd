// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What parameters do to the sound, and what meters say of it

#include "model_writer.h"
#include "sound.h"
#include "stream_settings.h"

#include "grus/grus.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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
