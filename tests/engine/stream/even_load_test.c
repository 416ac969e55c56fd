// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// An even load that is "auto" is a wish: every model decides by its own hop.

#include "model_writer.h"

#include "grus/grus.h"
#include "grus/slot.h"

#include <criterion/criterion.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

enum { RATE = 48000, BLOCK = 64, AUTO = 2 };

static GrusStream*
new_stream(const GrusModel* const model, const uint32_t sample_rate)
{
  const GrusStreamConfig config = {sample_rate, 1U, NULL};
  GrusStream*            stream = NULL;
  cr_assert_eq(grus_stream_new(model, &config, &stream, NULL), GRUS_SUCCESS);
  return stream;
}

/// Return what a stream makes of "auto" and this length of blocks
static bool
decides(GrusModel* (*const new_model)(void),
        const uint32_t sample_rate,
        const uint32_t block)
{
  GrusModel* const  model  = new_model();
  GrusStream* const stream = new_stream(model, sample_rate);
  grus_stream_set_block(stream, block);
  const bool even = grus_stream_has_even_load(stream);
  cr_expect_eq(grus_stream_wants_even_load(stream), even);
  cr_expect_eq(grus_stream_param(stream, GRUS_PARAM_EVEN_LOAD), AUTO);
  grus_stream_free(stream);
  grus_model_free(model);
  return even;
}

Test(even_load, auto_is_for_hops_longer_than_two_blocks)
{
  // Hops of 240 and of 96 frames at 48 kHz
  cr_expect(decides(writer_frame_model, 48000U, 119U));
  cr_expect_not(decides(writer_frame_model, 48000U, 120U));
  cr_expect(decides(writer_overlapping_model, 48000U, 47U));
  cr_expect_not(decides(writer_overlapping_model, 48000U, 48U));

  // The same time at other rates, resampled or not: 220.5 frames, 80 frames
  cr_expect(decides(writer_frame_model, 44100U, 110U));
  cr_expect_not(decides(writer_frame_model, 44100U, 111U));
  cr_expect(decides(writer_frame_model, 16000U, 39U));
  cr_expect_not(decides(writer_frame_model, 16000U, 40U));

  // Unknown blocks, and networks that run sample by sample
  cr_expect_not(decides(writer_frame_model, 48000U, 0U));
  cr_expect_not(decides(writer_sample_model, 48000U, 1U));
  cr_expect_not(decides(writer_frame_model, 48000U, UINT32_MAX));
}

Test(even_load, off_and_on_need_no_blocks)
{
  GrusModel* const  model  = writer_frame_model();
  GrusStream* const stream = new_stream(model, RATE);
  grus_stream_set_param(stream, GRUS_PARAM_EVEN_LOAD, 1.0f);
  cr_expect(grus_stream_has_even_load(stream));
  grus_stream_set_param(stream, GRUS_PARAM_EVEN_LOAD, 0.0f);
  grus_stream_set_block(stream, 1U);
  cr_expect_not(grus_stream_has_even_load(stream));
  grus_stream_free(stream);
  grus_model_free(model);
}

static void
play(GrusSlot* const slot, const uint32_t n_frames)
{
  float block[BLOCK] = {0.0f};
  for (uint32_t i = 0U; i < n_frames; i += BLOCK) {
    const float* in  = block;
    float*       out = block;
    grus_slot_process(slot, &in, &out, BLOCK);
  }
}

/// Publish a stream over a model and play until it is the one that is heard
static const GrusStream*
swap(GrusSlot* const slot, const GrusModel* const model)
{
  cr_assert_null(grus_slot_publish(slot, new_stream(model, RATE)));
  play(slot, RATE);
  grus_stream_free(grus_slot_collect(slot));
  cr_assert_eq(grus_stream_model(grus_slot_stream(slot)), model);
  return grus_slot_stream(slot);
}

Test(even_load, every_model_that_comes_decides_anew)
{
  GrusModel* const long_hop  = writer_frame_model();
  GrusModel* const short_hop = writer_overlapping_model();
  GrusSlot* const  slot = grus_slot_new(new_stream(long_hop, RATE), 1U, RATE);
  grus_slot_set_block(slot, BLOCK);
  play(slot, BLOCK);
  cr_expect(grus_stream_has_even_load(grus_slot_stream(slot)));
  cr_expect_not(grus_stream_has_even_load(swap(slot, short_hop)));
  cr_expect(grus_stream_has_even_load(swap(slot, long_hop)));
  cr_expect_eq(grus_slot_param(slot, GRUS_PARAM_EVEN_LOAD), AUTO);

  // A wish that changes is for the next start
  grus_slot_set_param(slot, GRUS_PARAM_EVEN_LOAD, 0.0f);
  play(slot, BLOCK);
  cr_expect(grus_stream_has_even_load(grus_slot_stream(slot)));
  cr_expect_not(grus_stream_wants_even_load(grus_slot_stream(slot)));
  grus_slot_reset(slot);
  cr_expect_not(grus_stream_has_even_load(grus_slot_stream(slot)));

  grus_slot_free(slot);
  grus_model_free(short_hop);
  grus_model_free(long_hop);
}

Test(even_load, a_state_keeps_the_wish_and_the_decision)
{
  GrusModel* const  model        = writer_frame_model();
  GrusStream* const one          = new_stream(model, RATE);
  GrusStream* const two          = new_stream(model, RATE);
  float             block[BLOCK] = {0.0f};
  const float*      in           = block;
  float*            out          = block;
  grus_stream_set_block(one, BLOCK);
  grus_stream_process(one, &in, &out, BLOCK);

  const size_t size = grus_stream_state_size(one);
  void* const  data = malloc(size);
  cr_assert_eq(grus_stream_get_state(one, data, size), GRUS_SUCCESS);
  cr_assert_eq(grus_stream_set_state(two, data, size, NULL), GRUS_SUCCESS);
  cr_expect_eq(grus_stream_param(two, GRUS_PARAM_EVEN_LOAD), AUTO);
  cr_expect(grus_stream_has_even_load(two));
  cr_expect_eq(grus_stream_latency(two), grus_stream_latency(one));

  free(data);
  grus_stream_free(two);
  grus_stream_free(one);
  grus_model_free(model);
}
