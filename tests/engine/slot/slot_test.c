// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// A model that is replaced while it plays must not be heard to be replaced.

#include "model_writer.h"
#include "sound.h"

#include "grus/grus.h"
#include "grus/slot.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { RATE = 48000, BLOCK = 480, MANY = 40 };

static GrusSlot*
new_slot(const GrusModel* const model)
{
  GrusSlot* const slot = grus_slot_new(new_mono_stream(model), 1U, RATE);
  cr_assert_not_null(slot);
  return slot;
}

/// A sine, so that a click is whatever is not smooth
static void
fill(float* const block, const uint32_t n, uint64_t* const time)
{
  for (uint32_t i = 0U; i < n; ++i) {
    block[i] = 0.5f * sinf(6.2831853f * 300.0f * (float)(*time % RATE) / RATE);
    ++*time;
  }
}

static void
play(GrusSlot* const slot, float* const block, uint64_t* const time)
{
  const float* in  = block;
  float*       out = block;
  fill(block, BLOCK, time);
  grus_slot_process(slot, &in, &out, BLOCK);
}

Test(slot, plays_what_the_stream_plays)
{
  GrusModel* const  model  = writer_frame_model();
  GrusSlot* const   slot   = new_slot(model);
  GrusStream* const stream = new_mono_stream(model);
  uint64_t          time   = 0U;
  for (uint32_t b = 0U; b < MANY; ++b) {
    float        expected[BLOCK];
    float        actual[BLOCK];
    const float* in   = expected;
    float*       out  = expected;
    uint64_t     same = time;
    fill(expected, BLOCK, &same);
    grus_stream_process(stream, &in, &out, BLOCK);
    play(slot, actual, &time);
    cr_assert_eq(memcmp(actual, expected, sizeof(actual)), 0);
  }
  grus_stream_free(stream);
  grus_slot_free(slot);
  grus_model_free(model);
}

Test(slot, changes_streams_without_a_click)
{
  // Two streams over a network that changes nothing: any step is the slot's
  GrusModel* const model = writer_identity_model();
  GrusSlot* const  slot  = new_slot(model);
  uint64_t         time  = 0U;
  float            last  = 0.0f;
  float            step  = 0.0f;
  float            peak  = 0.0f;
  for (uint32_t b = 0U; b < 2U * RATE / BLOCK; ++b) {
    float block[BLOCK];
    if (b == 20U) {
      cr_assert_null(grus_slot_publish(slot, new_mono_stream(model)));
    }
    play(slot, block, &time);
    for (uint32_t i = 0U; i < BLOCK; ++i) {
      if (b > 10U) {
        step = fmaxf(step, fabsf(block[i] - last));
        peak = fmaxf(peak, fabsf(block[i]));
      }
      last = block[i];
    }
  }
  cr_expect_lt(step, 0.5f * 6.2831853f * 300.0f / RATE * 1.05f);
  cr_expect_lt(peak, 0.505f);

  GrusStream* const old = grus_slot_collect(slot);
  cr_expect_not_null(old);
  cr_expect_null(grus_slot_collect(slot));
  grus_stream_free(old);
  grus_slot_free(slot);
  grus_model_free(model);
}

Test(slot, is_changing_from_the_first_block_until_the_old_stream_is_out)
{
  GrusModel* const model = writer_identity_model();
  GrusSlot* const  slot  = new_slot(model);
  uint64_t         time  = 0U;
  float            block[BLOCK];
  play(slot, block, &time);
  cr_assert_not(grus_slot_is_changing(slot));
  cr_assert_null(grus_slot_publish(slot, new_mono_stream(model)));
  cr_assert_not(grus_slot_is_changing(slot)); // The playing thread takes it up
  play(slot, block, &time);
  cr_assert(grus_slot_is_changing(slot));
  for (uint32_t b = 0U; b < 2U * RATE / BLOCK; ++b) {
    cr_assert_eq(grus_slot_is_changing(slot), !grus_slot_has_retired(slot));
    play(slot, block, &time);
  }
  cr_assert_not(grus_slot_is_changing(slot));
  cr_assert(grus_slot_has_retired(slot));

  grus_stream_free(grus_slot_collect(slot));
  grus_slot_free(slot);
  grus_model_free(model);
}

Test(slot, gives_back_a_stream_that_never_played)
{
  GrusModel* const  model  = writer_identity_model();
  GrusSlot* const   slot   = new_slot(model);
  GrusStream* const first  = new_mono_stream(model);
  GrusStream* const second = new_mono_stream(model);
  cr_expect_null(grus_slot_publish(slot, first));
  cr_expect_eq(grus_slot_publish(slot, second), first);
  grus_stream_free(first);
  grus_slot_free(slot); // And the second with it
  grus_model_free(model);
}

Test(slot, passes_parameters_to_every_stream)
{
  GrusModel* const model = writer_identity_model();
  GrusSlot* const  slot  = new_slot(model);
  uint64_t         time  = 0U;
  float            block[BLOCK];
  grus_slot_set_param(slot, GRUS_PARAM_REDUCTION, 12.0f);
  grus_slot_set_param(slot, GRUS_PARAM_REDUCTION, NAN);
  cr_expect_eq(grus_slot_param(slot, GRUS_PARAM_REDUCTION), 12.0f);
  cr_assert_null(grus_slot_publish(slot, new_mono_stream(model)));
  for (uint32_t b = 0U; b < RATE / BLOCK; ++b) {
    play(slot, block, &time);
  }
  cr_expect_eq(grus_stream_param(grus_slot_stream(slot), GRUS_PARAM_REDUCTION),
               12.0f);
  cr_expect(grus_slot_has_retired(slot));
  grus_stream_free(grus_slot_collect(slot));
  grus_slot_free(slot);
  grus_model_free(model);
}

Test(slot, waits_while_nobody_collects)
{
  GrusModel* const model = writer_identity_model();
  GrusSlot* const  slot  = new_slot(model);
  float            block[BLOCK];
  const float*     in        = block;
  float*           out       = block;
  uint32_t         n_retired = 0U;
  memset(block, 0, sizeof(block));
  for (uint32_t i = 0U; i < MANY; ++i) {
    grus_stream_free(grus_slot_publish(slot, new_mono_stream(model)));
    grus_slot_reset(slot);
    grus_slot_process(slot, &in, &out, BLOCK);
  }
  for (GrusStream* s = NULL; (s = grus_slot_collect(slot)); ++n_retired) {
    grus_stream_free(s);
  }
  cr_expect_geq(n_retired, 8U);
  cr_expect_lt(n_retired, (uint32_t)MANY);
  grus_slot_free(slot);
  grus_model_free(model);
}
