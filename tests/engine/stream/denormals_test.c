// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Silence after sound must not become numbers that are slow to compute with.

#include "model_writer.h"
#include "sound.h"

#include "base/denormals.h"
#include "grus/grus.h"

#include <criterion/criterion.h>

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

enum { N_FRAMES = 9600 };

static const float denormal = 1e-40f;

/// Return how this thread computes, without the flags of what has happened
static GrusFloatMode
float_mode(void)
{
  const GrusFloatMode mode = grus_denormals_off();
  grus_denormals_restore(mode);
  return mode & ~(GrusFloatMode)0x3FU;
}

Test(denormals, become_zero_on_their_way)
{
  GrusModel* const  model  = writer_identity_model();
  GrusStream* const stream = new_mono_stream(model);
  Sound             in     = new_sound(1U, N_FRAMES);
  for (size_t i = 0U; i < N_FRAMES; ++i) {
    in.samples[i] = denormal;
  }

  grus_stream_set_param(stream, GRUS_PARAM_INPUT_GAIN, 6.0f);
  const Sound out = run_in_blocks(stream, in, 480U);
  for (size_t i = 0U; i < N_FRAMES; ++i) {
    cr_assert_eq(out.samples[i], 0.0f, "frame %zu is %g", i, out.samples[i]);
  }
  free(in.samples);
  free(out.samples);
  grus_stream_free(stream);
  grus_model_free(model);
}

Test(denormals, are_the_callers_own_again_after_a_call)
{
  GrusModel* const  model  = writer_identity_model();
  GrusStream* const stream = new_mono_stream(model);
  const Sound       in     = new_sound(1U, 480U);

  const GrusFloatMode before = float_mode();
  const Sound         out    = run_in_blocks(stream, in, 480U);
  cr_expect_eq(float_mode(), before);
  free(in.samples);
  free(out.samples);
  grus_stream_free(stream);
  grus_model_free(model);
}
