// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "channel.h"

#include "arena.h"
#include "front_end.h"
#include "kernels.h"
#include "model.h"
#include "network.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// Samples that a sample network takes through a layer at once
enum { MAX_STEPS = 64 };

struct GrusChannelImpl {
  const GrusModel* model;
  GrusNetwork*     network;
  GrusFramer*      framer; ///< Null for a sample network
};

/// What one channel remembers, arrays in its state
typedef struct {
  float* input;   ///< (2 * hop) Frame networks: the last two hops
  float* overlap; ///< (hop)
  float* ready;   ///< (hop) What leaves while the next hop comes in
  float* hidden;  ///< Hidden states of the network
} Memory;

GrusChannel*
grus_channel_new(const GrusModel* const   model,
                 const GrusKernels* const kernels,
                 const uint32_t           sample_rate)
{
  GrusChannel* const channel = (GrusChannel*)calloc(1U, sizeof(GrusChannel));
  if (!channel) {
    return NULL;
  }

  const bool frames = model->info.kind == GRUS_KIND_FRAME;

  channel->model   = model;
  channel->network = grus_network_new(model, kernels, frames ? 1U : MAX_STEPS);
  if (frames) {
    channel->framer = grus_framer_new(model, kernels, sample_rate);
  }
  if (!channel->network || (frames && !channel->framer)) {
    grus_channel_free(channel);
    return NULL;
  }

  return channel;
}

void
grus_channel_free(GrusChannel* const channel)
{
  if (channel) {
    grus_framer_free(channel->framer);
    grus_network_free(channel->network);
    free(channel);
  }
}

uint32_t
grus_channel_latency(const GrusChannel* const channel)
{
  return channel->framer ? 2U * grus_framer_hop(channel->framer) : 0U;
}

static Memory
place_memory(const GrusChannel* const channel, GrusArena* const arena)
{
  const size_t hop = channel->framer ? grus_framer_hop(channel->framer) : 0U;
  Memory       memory;

  memory.input   = grus_arena_take(arena, 2U * hop);
  memory.overlap = grus_arena_take(arena, hop);
  memory.ready   = grus_arena_take(arena, hop);
  memory.hidden =
    grus_arena_take(arena, grus_network_state_size(channel->network));
  return memory;
}

size_t
grus_channel_state_size(const GrusChannel* const channel)
{
  GrusArena arena = {NULL, 0U};
  place_memory(channel, &arena);
  return arena.used;
}

static void
process_frames(GrusChannel* const  channel,
               const Memory* const memory,
               const uint64_t      position,
               const float* const  in,
               float* const        out,
               const size_t        n,
               float* const        activity)
{
  const size_t hop  = grus_framer_hop(channel->framer);
  size_t       fill = (size_t)(position % hop);

  for (size_t done = 0U; done < n;) {
    const size_t room  = hop - fill;
    const size_t count = n - done < room ? n - done : room;
    memcpy(memory->input + hop + fill, in + done, count * sizeof(float));
    memcpy(out + done, memory->ready + fill, count * sizeof(float));
    done += count;
    fill += count;
    if (fill == hop) {
      *activity = grus_framer_step(channel->framer,
                                   channel->network,
                                   memory->hidden,
                                   memory->input,
                                   memory->overlap,
                                   memory->ready);
      memcpy(memory->input, memory->input + hop, hop * sizeof(float));
      fill = 0U;
    }
  }
}

static void
process_samples(GrusChannel* const  channel,
                const Memory* const memory,
                const float* const  in,
                float* const        out,
                const size_t        n)
{
  const float skip = channel->model->output.skip ? 1.0f : 0.0f;

  for (size_t done = 0U; done < n; done += MAX_STEPS) {
    const size_t count = n - done < MAX_STEPS ? n - done : MAX_STEPS;
    grus_network_step_samples(
      channel->network, memory->hidden, in + done, (uint32_t)count);

    const GrusRows y =
      grus_network_rows(channel->network, channel->model->n_layers - 1U);
    for (size_t i = 0U; i < count; ++i) {
      out[done + i] = y.data[i * y.stride] + (skip * in[done + i]);
    }
  }
}

void
grus_channel_process(GrusChannel* const channel,
                     float* const       state,
                     const uint64_t     position,
                     const float* const in,
                     float* const       out,
                     const size_t       n,
                     float* const       activity)
{
  GrusArena    arena  = {state, 0U};
  const Memory memory = place_memory(channel, &arena);

  if (channel->framer) {
    process_frames(channel, &memory, position, in, out, n, activity);
  } else {
    process_samples(channel, &memory, in, out, n);
  }
}
