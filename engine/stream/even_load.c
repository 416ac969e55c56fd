// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// The rule of an even load: what is wished, what a stream makes of it, and the
// latency that it has

#include "frames/inference.h"
#include "grus/grus.h"
#include "grus/params.h"
#include "stream/instance.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

void
grus_stream_set_block(GrusStream* const stream, const uint32_t n_frames)
{
  atomic_store_explicit(&stream->block, n_frames, memory_order_relaxed);
}

/// Whether a hop of the network lasts longer than two blocks
static bool
has_short_blocks(const GrusStream* const stream)
{
  const uint64_t block =
    atomic_load_explicit(&stream->block, memory_order_relaxed);
  const uint64_t hop = grus_inference_hop(stream->inference);

  return block && 2U * block * stream->network_rate < hop * stream->sample_rate;
}

bool
grus_stream_wants_even_load(const GrusStream* const stream)
{
  const float wish = grus_stream_param(stream, GRUS_PARAM_EVEN_LOAD);
  return wish == 1.0f || (wish == 2.0f && has_short_blocks(stream));
}

bool
grus_stream_has_even_load(const GrusStream* const stream)
{
  return stream->position.fresh ? grus_stream_wants_even_load(stream)
                                : stream->position.even;
}

uint32_t
grus_stream_latency(const GrusStream* const stream)
{
  return stream->latency[grus_stream_has_even_load(stream)];
}
