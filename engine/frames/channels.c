// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "frames/channels.h"

#include "base/arena.h"
#include "frames/downmix.h"
#include "frames/front_end.h"
#include "kernels/kernels.h"
#include "model/model.h"
#include "network/network.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// Samples of a stream that a sample network takes through a layer at once
enum { MAX_STEPS = 64 };

/// What one channel remembers, arrays that the stream owns
typedef struct {
  float* input;   ///< (window) The last samples
  float* frame;   ///< (window) The frame that is worked on, with an even load
  float* overlap; ///< (hop)
  float* ready;   ///< (hop) What leaves while the next hop comes in
  float* gate;    ///< (3) How far it is closed, the hops until it begins to
               ///  close, and whether the frame's work is for linked channels
  float* row;    ///< Of the downmix
  float* hidden; ///< Hidden states of the network
} Memory;

/// What one channel works with
typedef struct {
  GrusNetwork* network;
  GrusFramer*  framer; ///< Null for a sample network
  Memory       memory;
  GrusArena    arena;
  float*       hidden; ///< Hidden states while a frame is worked on
  float*       result; ///< (2 * hop) What the frame adds to the output
  float*       row;    ///< Of the downmix, while a frame is worked on
} Channel;

/// What work on one analysis frame of every channel takes
typedef struct {
  uint32_t n_units;
  float    cost;         ///< Of all units
  float    largest_cost; ///< Of one unit
} Plan;

/// Work on one analysis frame of every channel
typedef struct {
  bool     linked;
  uint32_t n_done;
  float    cost_done; ///< Of the units that have run
  float    share;     ///< Of the job that was to be done at last
} Job;

struct GrusChannelsImpl {
  const GrusModel* model;
  uint32_t         n_channels;
  size_t           hop;    ///< 0 for a sample network
  size_t           window; ///< Likewise
  Channel*         channels;
  GrusDownmix      downmix;
  GrusFramer*      sum; ///< What linked channels are heard as, null for one
  Plan             plans[2]; ///< Of channels by themselves, and linked
  Job              job;
};

static void
make_plan(GrusChannels* channels, bool linked);

/// Floats that one channel remembers of the downmix
static size_t
row_size(const GrusChannels* const channels)
{
  return channels->n_channels > 1U && channels->hop
           ? grus_downmix_row_size(&channels->downmix)
           : 0U;
}

/// Steps that a network computes at once
static uint32_t
most_steps(const GrusModel* const model)
{
  return model->info.kind == GRUS_KIND_FRAME ? 1U : 2U * MAX_STEPS;
}

size_t
grus_channels_network_memory(const GrusModel* const model)
{
  return grus_network_memory(model, most_steps(model));
}

static bool
make_channel(GrusChannels* const      channels,
             Channel* const           channel,
             const GrusKernels* const kernels,
             const uint32_t           sample_rate)
{
  const GrusModel* const model  = channels->model;
  const bool             frames = model->info.kind == GRUS_KIND_FRAME;

  channel->network = grus_network_new(model, kernels, most_steps(model));
  if (!channel->network || !frames) {
    return !!channel->network;
  }

  channel->framer = grus_framer_new(model, kernels, sample_rate);
  if (!channel->framer) {
    return false;
  }

  channels->hop         = grus_framer_hop(channel->framer);
  channels->window      = grus_framer_window(channel->framer);
  const size_t n_hidden = grus_network_state_size(channel->network);
  const size_t n_row    = row_size(channels);
  channel->arena.used =
    grus_pad(n_hidden) + grus_pad(2U * channels->hop) + grus_pad(n_row);
  if (!grus_arena_alloc(&channel->arena)) {
    return false;
  }
  channel->hidden = grus_arena_take(&channel->arena, n_hidden);
  channel->result = grus_arena_take(&channel->arena, 2U * channels->hop);
  channel->row    = grus_arena_take(&channel->arena, n_row);
  return true;
}

GrusChannels*
grus_channels_new(const GrusModel* const   model,
                  const GrusKernels* const kernels,
                  const uint32_t           sample_rate,
                  const uint32_t           n_channels)
{
  GrusChannels* const channels = (GrusChannels*)calloc(1U, sizeof(*channels));
  if (!channels) {
    return NULL;
  }

  channels->model      = model;
  channels->n_channels = n_channels;
  channels->channels   = (Channel*)calloc(n_channels, sizeof(Channel));
  if (model->info.kind == GRUS_KIND_FRAME) {
    channels->downmix = grus_downmix_init(model, n_channels);
  }

  bool ok = !!channels->channels;
  for (uint32_t c = 0U; ok && c < n_channels; ++c) {
    ok = make_channel(channels, &channels->channels[c], kernels, sample_rate);
  }
  if (ok && channels->hop && n_channels > 1U) {
    channels->sum = grus_framer_new(model, kernels, sample_rate);
    ok            = !!channels->sum;
  }
  if (!ok) {
    grus_channels_free(channels);
    return NULL;
  }

  if (channels->hop) {
    make_plan(channels, false);
    make_plan(channels, true);
  }
  return channels;
}

void
grus_channels_free(GrusChannels* const channels)
{
  if (channels) {
    for (uint32_t c = 0U; channels->channels && c < channels->n_channels; ++c) {
      free(channels->channels[c].arena.base);
      grus_framer_free(channels->channels[c].framer);
      grus_network_free(channels->channels[c].network);
    }
    grus_framer_free(channels->sum);
    free(channels->channels);
    free(channels);
  }
}

uint32_t
grus_channels_hop(const GrusChannels* const channels)
{
  return (uint32_t)channels->hop;
}

uint32_t
grus_channels_latency(const GrusChannels* const channels, const bool even)
{
  return (uint32_t)channels->hop * (even ? 3U : 2U);
}

void
grus_channels_place_memory(GrusChannels* const channels,
                           const uint32_t      channel,
                           GrusArena* const    arena)
{
  const Channel* const own    = &channels->channels[channel];
  Memory* const        memory = &channels->channels[channel].memory;
  const size_t         hop    = channels->hop;

  memory->input   = grus_arena_take(arena, channels->window);
  memory->frame   = grus_arena_take(arena, channels->window);
  memory->overlap = grus_arena_take(arena, hop);
  memory->ready   = grus_arena_take(arena, hop);
  memory->gate    = grus_arena_take(arena, hop ? 3U : 0U);
  memory->row     = grus_arena_take(arena, row_size(channels));
  memory->hidden =
    grus_arena_take(arena, grus_network_state_size(own->network));
}

/// The parts of the work on a frame, in the order they run
typedef enum {
  UNIT_ANALYZE,    ///< One channel's spectrum
  UNIT_DOWNMIX,    ///< What is heard of all spectra
  UNIT_NETWORK,    ///< A piece of a network
  UNIT_SYNTHESIZE, ///< One channel's sound
} UnitType;

/// One of them
typedef struct {
  UnitType type;
  uint32_t channel;
  uint32_t piece; ///< Of the network, or step of the framer
} Unit;

/// Units of one channel by itself: its spectrum, its network, its sound
static uint32_t
units_of_one(const GrusChannels* const channels)
{
  return grus_network_n_pieces(channels->channels->network) +
         (2U * GRUS_FRAMER_STEPS);
}

static Unit
find_unit(const GrusChannels* const channels, const bool linked, uint32_t index)
{
  enum { STEPS = GRUS_FRAMER_STEPS };
  const uint32_t n        = units_of_one(channels);
  const uint32_t n_pieces = n - (2U * STEPS);
  const uint32_t first    = linked ? 0U : index / n;
  const uint32_t n_steps  = linked ? channels->n_channels * STEPS : STEPS;

  index -= first * n;
  if (index < n_steps) {
    const Unit analyze = {UNIT_ANALYZE, first + (index / STEPS), index % STEPS};
    return analyze;
  }

  index -= n_steps;
  if (linked && !index--) {
    const Unit downmix = {UNIT_DOWNMIX, 0U, 0U};
    return downmix;
  }
  if (index < n_pieces) {
    const Unit network = {UNIT_NETWORK, first, index};
    return network;
  }

  index -= n_pieces;
  const Unit synthesize = {
    UNIT_SYNTHESIZE, first + (index / STEPS), index % STEPS};
  return synthesize;
}

static float
unit_cost(const GrusChannels* const channels, const Unit unit)
{
  const GrusFramer* const framer = channels->channels->framer;
  switch (unit.type) {
  case UNIT_ANALYZE:
    return grus_framer_analysis_cost(framer, unit.piece);
  case UNIT_SYNTHESIZE:
    return grus_framer_synthesis_cost(framer, unit.piece);
  case UNIT_DOWNMIX:
    return (2.0f * grus_framer_analysis_cost(framer, 0U)) +
           grus_downmix_cost(&channels->downmix);
  case UNIT_NETWORK:
    return grus_network_piece_cost(channels->channels->network, unit.piece);
  }
  return 0.0f;
}

static void
make_plan(GrusChannels* const channels, const bool linked)
{
  Plan* const    plan = &channels->plans[linked];
  const uint32_t n    = channels->n_channels;
  plan->n_units =
    linked ? units_of_one(channels) + (2U * GRUS_FRAMER_STEPS * (n - 1U)) + 1U
           : units_of_one(channels) * n;
  for (uint32_t i = 0U; i < plan->n_units; ++i) {
    const float cost = unit_cost(channels, find_unit(channels, linked, i));
    plan->cost += cost;
    plan->largest_cost = fmaxf(plan->largest_cost, cost);
  }
}

static void
run_downmix(GrusChannels* const channels)
{
  const uint32_t n                          = channels->n_channels;
  float          magnitude                  = 0.0f;
  float*         rows[GRUS_MAX_CHANNELS]    = {NULL};
  GrusSpectrum   spectra[GRUS_MAX_CHANNELS] = {{NULL, NULL, NULL, NULL, NULL}};

  for (uint32_t c = 0U; c < n; ++c) {
    rows[c]    = channels->channels[c].row;
    spectra[c] = grus_framer_spectrum(channels->channels[c].framer);
  }
  grus_downmix_update(&channels->downmix, rows, spectra);

  grus_framer_sum_start(channels->sum);
  for (uint32_t c = 0U; c < n; ++c) {
    const float weight = grus_downmix_weight(rows[c]);
    grus_framer_sum_add(channels->sum, channels->channels[c].framer, weight);
    magnitude += fabsf(weight);
  }
  grus_framer_sum_end(channels->sum, 1.0f / magnitude);
}

static void
run_unit(GrusChannels* const channels,
         const Unit          unit,
         const float* const* frames)
{
  Channel* const       own    = &channels->channels[unit.channel];
  const bool           linked = channels->job.linked;
  const Channel* const leader = linked ? channels->channels : own;

  switch (unit.type) {
  case UNIT_ANALYZE:
    grus_framer_analyze(own->framer, frames[unit.channel], unit.piece);
    break;
  case UNIT_DOWNMIX:
    run_downmix(channels);
    break;
  case UNIT_NETWORK: {
    const GrusSpectrum spectrum =
      grus_framer_spectrum(linked ? channels->sum : own->framer);
    grus_network_run_piece(own->network, unit.piece, own->hidden, &spectrum);
    break;
  }
  case UNIT_SYNTHESIZE:
    grus_framer_synthesize(
      own->framer, leader->network, own->result, unit.piece);
    break;
  }
}

/**
   Run units until a share of the job is done, 1 for all.

   None runs that would make this call longer than the share asks for, or than
   the largest unit alone: what is left over, later calls catch up with.
*/
static void
run_job(GrusChannels* const channels,
        const float* const* frames,
        const float         share)
{
  Job* const        job  = &channels->job;
  const Plan* const plan = &channels->plans[job->linked];
  const float       step = 1.1f * (share - job->share) * plan->cost;
  const float       end  = job->cost_done + fmaxf(step, plan->largest_cost);
  while (job->n_done < plan->n_units) {
    const Unit  unit = find_unit(channels, job->linked, job->n_done);
    const float cost = unit_cost(channels, unit);
    if (share < 1.0f &&
        (job->cost_done >= share * plan->cost || job->cost_done + cost > end)) {
      break;
    }
    run_unit(channels, unit, frames);
    job->cost_done += cost;
    ++job->n_done;
  }
  job->share = share;
}

/// How much of a job is to be done by a place in the hop: somewhat more than
/// the place says, since the last block of the hop has the sound to put out too
static float
share_at(const size_t fill, const size_t hop)
{
  return 1.05f * (float)fill / (float)hop;
}

/// Number of networks that a job runs
static uint32_t
n_networks(const GrusChannels* const channels, const bool linked)
{
  return linked ? 1U : channels->n_channels;
}

static void
start_job(GrusChannels* const channels, const bool linked)
{
  Job* const   job      = &channels->job;
  const size_t n_hidden = grus_network_state_size(channels->channels->network);

  channels->channels[0].memory.gate[2] = linked ? 1.0f : 0.0f;
  job->linked                          = linked;
  job->n_done                          = 0U;
  job->cost_done                       = 0.0f;
  job->share                           = 0.0f;
  for (uint32_t c = 0U; c < n_networks(channels, linked); ++c) {
    memcpy(channels->channels[c].hidden,
           channels->channels[c].memory.hidden,
           n_hidden * sizeof(float));
  }
  for (uint32_t c = 0U; linked && c < channels->n_channels; ++c) {
    memcpy(channels->channels[c].row,
           channels->channels[c].memory.row,
           row_size(channels) * sizeof(float));
  }
}

/// Move the gate by one hop; return how far it is closed at the end of it
static float
move_gate(const GrusChannelsMode* const mode,
          float* const                  gate,
          const float                   activity)
{
  // While voice goes on it may become less certain than at its start
  const float threshold = mode->gate_threshold * (gate[1] > 0.0f ? 0.6f : 1.0f);

  if (activity >= threshold) {
    gate[1] = mode->gate_hold + 1.0f;
    return 0.0f;
  }
  if (gate[1] > 1.0f) {
    gate[1] -= 1.0f;
    return gate[0];
  }
  gate[1] = 0.0f;
  return fminf(gate[0] + (1.0f / fmaxf(mode->gate_release, 1.0f)), 1.0f);
}

/**
   The gate goes over the hop that leaves next, the older half of the analysis
   frame: it has opened before the voice that is new in the frame comes out.
*/
static void
run_gate(const GrusChannels* const     channels,
         const GrusChannelsMode* const mode,
         const Memory* const           memory,
         const float                   activity)
{
  const float from = memory->gate[0];
  const float to   = move_gate(mode, memory->gate, activity);
  const float step = (to - from) / (float)channels->hop;

  memory->gate[0] = to;
  if (from > 0.0f || to > 0.0f) {
    for (size_t i = 0U; i < channels->hop; ++i) {
      memory->ready[i] *= 1.0f - (from + (step * (float)(i + 1U)));
    }
  }
}

/// Return the activity of the frame that a network has just heard
static float
network_activity(const GrusChannels* const channels, const uint32_t index)
{
  const uint32_t layer = channels->model->output.activity;
  if (layer == GRUS_NO_LAYER) {
    return 0.0f;
  }

  // Whatever layer the file names: it is taken for a probability from here on
  const float x =
    grus_network_rows(channels->channels[index].network, layer).data[0];
  return fminf(fmaxf(x, 0.0f), 1.0f);
}

/// Make the results of a finished job what leaves next
static void
commit_job(GrusChannels* const           channels,
           const GrusChannelsMode* const mode,
           float* const                  activity)
{
  const bool   linked   = channels->job.linked;
  const bool   gated    = channels->model->output.activity != GRUS_NO_LAYER;
  const size_t hop      = channels->hop;
  const size_t n_hidden = grus_network_state_size(channels->channels->network);

  for (uint32_t c = 0U; c < channels->n_channels; ++c) {
    const uint32_t       leader = linked ? 0U : c;
    const Channel* const own    = &channels->channels[c];
    const Memory* const  memory = &own->memory;
    const float          voice  = network_activity(channels, leader);

    // Linked channels share a state, so that each can go on by itself
    memcpy(memory->hidden,
           channels->channels[leader].hidden,
           n_hidden * sizeof(float));
    if (linked) {
      memcpy(memory->row, own->row, row_size(channels) * sizeof(float));
    }
    for (size_t i = 0U; i < hop; ++i) {
      memory->ready[i] = memory->overlap[i] + own->result[i];
    }
    memcpy(memory->overlap, own->result + hop, hop * sizeof(float));
    if (gated) {
      run_gate(channels, mode, memory, voice);
    }
    *activity = fmaxf(*activity, voice);
  }
}

/// The frames that a job works on
static void
find_frames(const GrusChannels* const channels,
            const bool                even,
            const float**             frames)
{
  for (uint32_t c = 0U; c < channels->n_channels; ++c) {
    const Memory* const memory = &channels->channels[c].memory;
    frames[c]                  = even ? memory->frame : memory->input;
  }
}

/// A hop is complete
static void
end_hop(GrusChannels* const           channels,
        const GrusChannelsMode* const mode,
        const bool                    first,
        float* const                  activity)
{
  const size_t hop    = channels->hop;
  const size_t window = channels->window;
  const bool   linked = mode->linked && channels->sum;
  const float* frames[GRUS_MAX_CHANNELS];

  find_frames(channels, mode->even, frames);
  if (!mode->even) {
    start_job(channels, linked);
  }
  if (!mode->even || !first) {
    run_job(channels, frames, 1.0f);
    commit_job(channels, mode, activity);
  }

  for (uint32_t c = 0U; c < channels->n_channels; ++c) {
    const Memory* const memory = &channels->channels[c].memory;
    if (mode->even) {
      memcpy(memory->frame, memory->input, window * sizeof(float));
    }
    memmove(memory->input, memory->input + hop, (window - hop) * sizeof(float));
  }
  if (mode->even) {
    start_job(channels, linked);
  }
}

static void
process_frames(GrusChannels* const           channels,
               const GrusChannelsMode* const mode,
               const uint64_t                position,
               const float* const* const     in,
               float* const* const           out,
               const size_t                  n,
               float* const                  activity)
{
  const size_t hop  = channels->hop;
  const size_t old  = channels->window - hop; // Samples of former hops
  size_t       fill = (size_t)(position % hop);

  for (size_t done = 0U; done < n;) {
    const size_t room  = hop - fill;
    const size_t count = n - done < room ? n - done : room;
    for (uint32_t c = 0U; c < channels->n_channels; ++c) {
      const Memory* const memory = &channels->channels[c].memory;
      memcpy(memory->input + old + fill, in[c] + done, count * sizeof(float));
      memcpy(out[c] + done, memory->ready + fill, count * sizeof(float));
    }
    done += count;
    fill += count;
    if (fill == hop) {
      end_hop(channels, mode, position + done == hop, activity);
      fill = 0U;
    }
  }

  if (mode->even && position + n >= hop) {
    const float* frames[GRUS_MAX_CHANNELS];
    find_frames(channels, true, frames);
    run_job(channels, frames, share_at(fill, hop));
  }
}

/// Take `n` samples of a stream from the network's result, from `row` on
static void
take_samples(const GrusChannels* const channels,
             const GrusNetwork* const  network,
             const size_t              row,
             const float* const        in,
             float* const              out,
             const size_t              n)
{
  const float    skip = channels->model->output.skip ? 1.0f : 0.0f;
  const GrusRows y = grus_network_rows(network, channels->model->n_layers - 1U);
  for (size_t i = 0U; i < n; ++i) {
    out[i] = y.data[(row + i) * y.stride] + (skip * in[i]);
  }
}

static void
process_samples(const GrusChannels* const channels,
                const uint32_t            index,
                const float* const        in,
                float* const              out,
                const size_t              n)
{
  GrusNetwork* const network = channels->channels[index].network;
  float* const       hidden  = channels->channels[index].memory.hidden;

  for (size_t done = 0U; done < n; done += MAX_STEPS) {
    const size_t count = n - done < MAX_STEPS ? n - done : MAX_STEPS;
    grus_network_step_samples(network, hidden, in + done, (uint32_t)count);
    take_samples(channels, network, 0U, in + done, out + done, count);
  }
}

/// Two channels from `index` on, which share the network of the first
static void
process_pair(const GrusChannels* const channels,
             const uint32_t            index,
             const float* const* const in,
             float* const* const       out,
             const size_t              n)
{
  GrusNetwork* const network   = channels->channels[index].network;
  float* const       hidden[2] = {
          channels->channels[index].memory.hidden,
          channels->channels[index + 1U].memory.hidden,
  };

  for (size_t done = 0U; done < n; done += MAX_STEPS) {
    const size_t count = n - done < MAX_STEPS ? n - done : MAX_STEPS;
    float        samples[2U * MAX_STEPS];
    for (size_t c = 0U; c < 2U; ++c) {
      memcpy(
        samples + (c * count), in[index + c] + done, count * sizeof(float));
    }
    grus_network_step_pair(network, hidden, samples, (uint32_t)count);
    for (size_t c = 0U; c < 2U; ++c) {
      take_samples(channels,
                   network,
                   c * count,
                   in[index + c] + done,
                   out[index + c] + done,
                   count);
    }
  }
}

void
grus_channels_process(GrusChannels* const           channels,
                      const GrusChannelsMode* const mode,
                      const uint64_t                position,
                      const float* const* const     in,
                      float* const* const           out,
                      const size_t                  n,
                      float* const                  activity)
{
  if (channels->hop) {
    process_frames(channels, mode, position, in, out, n, activity);
  } else {
    uint32_t c = 0U;
    for (; c + 1U < channels->n_channels; c += 2U) {
      process_pair(channels, c, in, out, n);
    }
    if (c < channels->n_channels) {
      process_samples(channels, c, in[c], out[c], n);
    }
  }
}

void
grus_channels_restore(GrusChannels* const           channels,
                      const GrusChannelsMode* const mode,
                      const uint64_t                position)
{
  const size_t hop = channels->hop;
  if (hop && mode->even && position >= hop) {
    const float* frames[GRUS_MAX_CHANNELS];
    find_frames(channels, true, frames);
    start_job(channels,
              channels->sum && channels->channels[0].memory.gate[2] > 0.0f);
    run_job(channels, frames, share_at(position % hop, hop));
  }
}
