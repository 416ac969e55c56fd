// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// A state tells whose it is, and holds what is heard and shown next.

#include "grus/grus.h"
#include "kernels/kernels.h"
#include "model_writer.h"

#include <criterion/criterion.h>

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { N_FRAMES = 1200, PLACE = 700 };

static GrusStream*
new_stream(const GrusModel* const model)
{
  const GrusStreamConfig config = {48000U, 1U, NULL};
  GrusStream*            stream = NULL;
  cr_assert_eq(grus_stream_new(model, &config, &stream, NULL), GRUS_SUCCESS);
  return stream;
}

static void
run(GrusStream* const stream,
    const float*      in,
    float*            out,
    const uint32_t    n_frames)
{
  grus_stream_process(stream, &in, &out, n_frames);
}

/// Return the state of a stream, to be freed
static void*
state_of(const GrusStream* const stream, size_t* const size)
{
  *size             = grus_stream_state_size(stream);
  void* const state = malloc(*size);
  cr_assert_eq(grus_stream_get_state(stream, state, *size), GRUS_SUCCESS);
  return state;
}

Test(state, knows_how_the_weights_are_stored)
{
  static const GrusStorage storages[] = {
    GRUS_STORAGE_F32, GRUS_STORAGE_BF16, GRUS_STORAGE_INT8};

  const WriterFile file = writer_file(
    writer_frame_json, writer_frame_tensors, writer_frame_n_tensors);
  GrusModel*  models[3];
  GrusStream* streams[3];
  for (size_t i = 0U; i < 3U; ++i) {
    cr_assert_eq(
      grus_model_parse_as(file.bytes, file.size, storages[i], &models[i], NULL),
      GRUS_SUCCESS);
    streams[i] = new_stream(models[i]);
  }

  for (size_t from = 0U; from < 3U; ++from) {
    size_t      size  = 0U;
    void* const state = state_of(streams[from], &size);
    for (size_t to = 0U; to < 3U; ++to) {
      cr_expect_eq(grus_stream_set_state(streams[to], state, size, NULL),
                   from == to ? GRUS_SUCCESS : GRUS_ERR_MISMATCH,
                   "from %zu to %zu",
                   from,
                   to);
    }
    free(state);
  }

  for (size_t i = 0U; i < 3U; ++i) {
    grus_stream_free(streams[i]);
    grus_model_free(models[i]);
  }
  free(file.bytes);
}

/// Have `two` take over from `one` after PLACE frames; compare all bits
static void
hand_over(GrusStream* const one, GrusStream* const two, const float* const in)
{
  float       whole[N_FRAMES];
  float       moved[N_FRAMES];
  size_t      size  = 0U;
  void* const state = state_of(one, &size);
  cr_assert_eq(grus_stream_set_state(two, state, size, NULL), GRUS_SUCCESS);
  cr_assert_eq(grus_stream_meter(two, GRUS_METER_ACTIVITY),
               grus_stream_meter(one, GRUS_METER_ACTIVITY));

  run(one, in + PLACE, whole, N_FRAMES - PLACE);
  run(two, in + PLACE, moved, N_FRAMES - PLACE);
  cr_assert_arr_eq(whole, moved, (N_FRAMES - PLACE) * sizeof(float));
  free(state);
}

Test(state, holds_a_ramp_and_the_activity)
{
  GrusModel* const  model = writer_frame_model();
  GrusStream* const one   = new_stream(model);
  GrusStream* const two   = new_stream(model);
  float             in[N_FRAMES];
  float             out[N_FRAMES];
  for (size_t i = 0U; i < N_FRAMES; ++i) {
    in[i] = (float)((i * 37U) % 101U) / 101.0f - 0.5f;
  }

  // Saved within a ramp, while the activity is neither 0 nor 1
  run(one, in, out, PLACE - 10U);
  grus_stream_set_param(one, GRUS_PARAM_OUTPUT_GAIN, 12.0f);
  grus_stream_set_param(one, GRUS_PARAM_INPUT_GAIN, -6.0f);
  run(one, in + PLACE - 10U, out, 10U);
  const float activity = grus_stream_meter(one, GRUS_METER_ACTIVITY);
  cr_assert_gt(activity, 0.01f);
  cr_assert_lt(activity, 0.99f);
  cr_assert_neq(grus_stream_meter(two, GRUS_METER_ACTIVITY), activity);
  hand_over(one, two, in);

  grus_stream_free(two);
  grus_stream_free(one);
  grus_model_free(model);
}

#ifdef GRUS_HAVE_X86
extern const GrusKernels grus_kernels_avx2;
extern const GrusKernels grus_kernels_avx512;
extern const GrusKernels grus_kernels_avx512_vnni;
extern const GrusKernels grus_kernels_avx512_zen4;
extern const GrusKernels grus_kernels_scalar;

Test(state, tells_all_variants_apart)
{
  static const GrusKernels* const all[] = {&grus_kernels_scalar,
                                           &grus_kernels_avx2,
                                           &grus_kernels_avx512,
                                           &grus_kernels_avx512_vnni,
                                           &grus_kernels_avx512_zen4};

  for (size_t i = 0U; i < sizeof(all) / sizeof(all[0]); ++i) {
    cr_assert_lt(strlen(all[i]->name), 16U, "%s", all[i]->name);
    for (size_t j = 0U; j < i; ++j) {
      cr_assert_str_neq(all[i]->name, all[j]->name);
    }
  }
}
#endif
