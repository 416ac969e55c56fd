// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "frames/inference.h"

#include "base/arena.h"
#include "frames/downmix.h"
#include "kernels/kernels.h"
#include "model/model.h"
#include "network/network.h"
#include "stft/stft.h"

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
  GrusStft*    stft; ///< Null for a sample network
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

struct GrusInferenceImpl {
  const GrusModel* model;
  uint32_t         n_channels;
  size_t           hop;    ///< 0 for a sample network
  size_t           window; ///< Likewise
  Channel*         channels;
  GrusDownmix      downmix;
  GrusStft*        sum; ///< What linked channels are heard as, null for one
  Plan             plans[2]; ///< Of channels by themselves, and linked
  Job              job;
};

static void
make_plan(GrusInference* inference, bool linked);

/// Floats that one channel remembers of the downmix
static size_t
row_size(const GrusInference* const inference)
{
  return inference->n_channels > 1U && inference->hop
           ? grus_downmix_row_size(&inference->downmix)
           : 0U;
}

/// Steps that a network computes at once
static uint32_t
most_steps(const GrusModel* const model)
{
  return model->info.kind == GRUS_KIND_FRAME ? 1U : 2U * MAX_STEPS;
}

size_t
grus_inference_network_memory(const GrusModel* const model)
{
  return grus_network_memory(model, most_steps(model));
}

static bool
make_channel(GrusInference* const     inference,
             Channel* const           channel,
             const GrusKernels* const kernels,
             const uint32_t           sample_rate)
{
  const GrusModel* const model  = inference->model;
  const bool             frames = model->info.kind == GRUS_KIND_FRAME;

  channel->network = grus_network_new(model, kernels, most_steps(model));
  if (!channel->network || !frames) {
    return !!channel->network;
  }

  channel->stft = grus_stft_new(model, kernels, sample_rate);
  if (!channel->stft) {
    return false;
  }

  inference->hop        = grus_stft_hop(channel->stft);
  inference->window     = grus_stft_window(channel->stft);
  const size_t n_hidden = grus_network_state_size(channel->network);
  const size_t n_row    = row_size(inference);
  channel->arena.used =
    grus_pad(n_hidden) + grus_pad(2U * inference->hop) + grus_pad(n_row);
  if (!grus_arena_alloc(&channel->arena)) {
    return false;
  }
  channel->hidden = grus_arena_take(&channel->arena, n_hidden);
  channel->result = grus_arena_take(&channel->arena, 2U * inference->hop);
  channel->row    = grus_arena_take(&channel->arena, n_row);
  return true;
}

GrusInference*
grus_inference_new(const GrusModel* const   model,
                   const GrusKernels* const kernels,
                   const uint32_t           sample_rate,
                   const uint32_t           n_channels)
{
  GrusInference* const inference =
    (GrusInference*)calloc(1U, sizeof(*inference));
  if (!inference) {
    return NULL;
  }

  inference->model      = model;
  inference->n_channels = n_channels;
  inference->channels   = (Channel*)calloc(n_channels, sizeof(Channel));
  if (model->info.kind == GRUS_KIND_FRAME) {
    inference->downmix = grus_downmix_init(model, n_channels);
  }

  bool ok = !!inference->channels;
  for (uint32_t c = 0U; ok && c < n_channels; ++c) {
    ok = make_channel(inference, &inference->channels[c], kernels, sample_rate);
  }
  if (ok && inference->hop && n_channels > 1U) {
    inference->sum = grus_stft_new(model, kernels, sample_rate);
    ok             = !!inference->sum;
  }
  if (!ok) {
    grus_inference_free(inference);
    return NULL;
  }

  if (inference->hop) {
    make_plan(inference, false);
    make_plan(inference, true);
  }
  return inference;
}

void
grus_inference_free(GrusInference* const inference)
{
  if (inference) {
    for (uint32_t c = 0U; inference->channels && c < inference->n_channels;
         ++c) {
      free(inference->channels[c].arena.base);
      grus_stft_free(inference->channels[c].stft);
      grus_network_free(inference->channels[c].network);
    }
    grus_stft_free(inference->sum);
    free(inference->channels);
    free(inference);
  }
}

uint32_t
grus_inference_hop(const GrusInference* const inference)
{
  return (uint32_t)inference->hop;
}

uint32_t
grus_inference_latency(const GrusInference* const inference, const bool even)
{
  return (uint32_t)inference->hop * (even ? 3U : 2U);
}

void
grus_inference_place_memory(GrusInference* const inference,
                            const uint32_t       channel,
                            GrusArena* const     arena)
{
  const Channel* const own    = &inference->channels[channel];
  Memory* const        memory = &inference->channels[channel].memory;
  const size_t         hop    = inference->hop;

  memory->input   = grus_arena_take(arena, inference->window);
  memory->frame   = grus_arena_take(arena, inference->window);
  memory->overlap = grus_arena_take(arena, hop);
  memory->ready   = grus_arena_take(arena, hop);
  memory->gate    = grus_arena_take(arena, hop ? 3U : 0U);
  memory->row     = grus_arena_take(arena, row_size(inference));
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
  uint32_t piece; ///< Of the network, or step of the STFT
} Unit;

/// Units of one channel by itself: its spectrum, its network, its sound
static uint32_t
units_of_one(const GrusInference* const inference)
{
  return grus_network_n_pieces(inference->channels->network) +
         (2U * GRUS_STFT_STEPS);
}

static Unit
find_unit(const GrusInference* const inference,
          const bool                 linked,
          uint32_t                   index)
{
  enum { STEPS = GRUS_STFT_STEPS };
  const uint32_t n        = units_of_one(inference);
  const uint32_t n_pieces = n - (2U * STEPS);
  const uint32_t first    = linked ? 0U : index / n;
  const uint32_t n_steps  = linked ? inference->n_channels * STEPS : STEPS;

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
unit_cost(const GrusInference* const inference, const Unit unit)
{
  const GrusStft* const stft = inference->channels->stft;
  switch (unit.type) {
  case UNIT_ANALYZE:
    return grus_stft_analysis_cost(stft, unit.piece);
  case UNIT_SYNTHESIZE:
    return grus_stft_synthesis_cost(stft, unit.piece);
  case UNIT_DOWNMIX:
    return (2.0f * grus_stft_analysis_cost(stft, 0U)) +
           grus_downmix_cost(&inference->downmix);
  case UNIT_NETWORK:
    return grus_network_piece_cost(inference->channels->network, unit.piece);
  }
  return 0.0f;
}

static void
make_plan(GrusInference* const inference, const bool linked)
{
  Plan* const    plan = &inference->plans[linked];
  const uint32_t n    = inference->n_channels;
  plan->n_units =
    linked ? units_of_one(inference) + (2U * GRUS_STFT_STEPS * (n - 1U)) + 1U
           : units_of_one(inference) * n;
  for (uint32_t i = 0U; i < plan->n_units; ++i) {
    const float cost = unit_cost(inference, find_unit(inference, linked, i));
    plan->cost += cost;
    plan->largest_cost = fmaxf(plan->largest_cost, cost);
  }
}

static void
run_downmix(GrusInference* const inference)
{
  const uint32_t n                          = inference->n_channels;
  float          magnitude                  = 0.0f;
  float*         rows[GRUS_MAX_CHANNELS]    = {NULL};
  GrusSpectrum   spectra[GRUS_MAX_CHANNELS] = {{NULL, NULL, NULL, NULL, NULL}};

  for (uint32_t c = 0U; c < n; ++c) {
    rows[c]    = inference->channels[c].row;
    spectra[c] = grus_stft_spectrum(inference->channels[c].stft);
  }
  grus_downmix_update(&inference->downmix, rows, spectra);

  grus_stft_sum_start(inference->sum);
  for (uint32_t c = 0U; c < n; ++c) {
    const float weight = grus_downmix_weight(rows[c]);
    grus_stft_sum_add(inference->sum, inference->channels[c].stft, weight);
    magnitude += fabsf(weight);
  }
  grus_stft_sum_end(inference->sum, 1.0f / magnitude);
}

static void
run_unit(GrusInference* const inference,
         const Unit           unit,
         const float* const*  frames)
{
  Channel* const       own    = &inference->channels[unit.channel];
  const bool           linked = inference->job.linked;
  const Channel* const leader = linked ? inference->channels : own;

  switch (unit.type) {
  case UNIT_ANALYZE:
    grus_stft_analyze(own->stft, frames[unit.channel], unit.piece);
    break;
  case UNIT_DOWNMIX:
    run_downmix(inference);
    break;
  case UNIT_NETWORK: {
    const GrusSpectrum spectrum =
      grus_stft_spectrum(linked ? inference->sum : own->stft);
    grus_network_run_piece(own->network, unit.piece, own->hidden, &spectrum);
    break;
  }
  case UNIT_SYNTHESIZE: {
    const GrusMaskRows rows = grus_network_mask_rows(leader->network);
    grus_stft_synthesize(own->stft, &rows, own->result, unit.piece);
    break;
  }
  }
}

/**
   Run units until a share of the job is done, 1 for all.

   None runs that would make this call longer than the share asks for, or than
   the largest unit alone: what is left over, later calls catch up with.
*/
static void
run_job(GrusInference* const inference,
        const float* const*  frames,
        const float          share)
{
  Job* const        job  = &inference->job;
  const Plan* const plan = &inference->plans[job->linked];
  const float       step = 1.1f * (share - job->share) * plan->cost;
  const float       end  = job->cost_done + fmaxf(step, plan->largest_cost);
  while (job->n_done < plan->n_units) {
    const Unit  unit = find_unit(inference, job->linked, job->n_done);
    const float cost = unit_cost(inference, unit);
    if (share < 1.0f &&
        (job->cost_done >= share * plan->cost || job->cost_done + cost > end)) {
      break;
    }
    run_unit(inference, unit, frames);
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
n_networks(const GrusInference* const inference, const bool linked)
{
  return linked ? 1U : inference->n_channels;
}

static void
start_job(GrusInference* const inference, const bool linked)
{
  Job* const   job      = &inference->job;
  const size_t n_hidden = grus_network_state_size(inference->channels->network);

  inference->channels[0].memory.gate[2] = linked ? 1.0f : 0.0f;
  job->linked                           = linked;
  job->n_done                           = 0U;
  job->cost_done                        = 0.0f;
  job->share                            = 0.0f;
  for (uint32_t c = 0U; c < n_networks(inference, linked); ++c) {
    memcpy(inference->channels[c].hidden,
           inference->channels[c].memory.hidden,
           n_hidden * sizeof(float));
  }
  for (uint32_t c = 0U; linked && c < inference->n_channels; ++c) {
    memcpy(inference->channels[c].row,
           inference->channels[c].memory.row,
           row_size(inference) * sizeof(float));
  }
}

/// Move the gate by one hop; return how far it is closed at the end of it
static float
move_gate(const GrusInferenceMode* const mode,
          float* const                   gate,
          const float                    activity)
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
run_gate(const GrusInference* const     inference,
         const GrusInferenceMode* const mode,
         const Memory* const            memory,
         const float                    activity)
{
  const float from = memory->gate[0];
  const float to   = move_gate(mode, memory->gate, activity);
  const float step = (to - from) / (float)inference->hop;

  memory->gate[0] = to;
  if (from > 0.0f || to > 0.0f) {
    for (size_t i = 0U; i < inference->hop; ++i) {
      memory->ready[i] *= 1.0f - (from + (step * (float)(i + 1U)));
    }
  }
}

/// Return the activity of the frame that a network has just heard
static float
network_activity(const GrusInference* const inference, const uint32_t index)
{
  const uint32_t layer = inference->model->output.activity;
  if (layer == GRUS_NO_LAYER) {
    return 0.0f;
  }

  // Whatever layer the file names: it is taken for a probability from here on
  const float x =
    grus_network_rows(inference->channels[index].network, layer).data[0];
  return fminf(fmaxf(x, 0.0f), 1.0f);
}

/// Make the results of a finished job what leaves next
static void
commit_job(GrusInference* const           inference,
           const GrusInferenceMode* const mode,
           float* const                   activity)
{
  const bool   linked   = inference->job.linked;
  const bool   gated    = inference->model->output.activity != GRUS_NO_LAYER;
  const size_t hop      = inference->hop;
  const size_t n_hidden = grus_network_state_size(inference->channels->network);

  for (uint32_t c = 0U; c < inference->n_channels; ++c) {
    const uint32_t       leader = linked ? 0U : c;
    const Channel* const own    = &inference->channels[c];
    const Memory* const  memory = &own->memory;
    const float          voice  = network_activity(inference, leader);

    // Linked channels share a state, so that each can go on by itself
    memcpy(memory->hidden,
           inference->channels[leader].hidden,
           n_hidden * sizeof(float));
    if (linked) {
      memcpy(memory->row, own->row, row_size(inference) * sizeof(float));
    }
    for (size_t i = 0U; i < hop; ++i) {
      memory->ready[i] = memory->overlap[i] + own->result[i];
    }
    memcpy(memory->overlap, own->result + hop, hop * sizeof(float));
    if (gated) {
      run_gate(inference, mode, memory, voice);
    }
    *activity = fmaxf(*activity, voice);
  }
}

/// The frames that a job works on
static void
find_frames(const GrusInference* const inference,
            const bool                 even,
            const float**              frames)
{
  for (uint32_t c = 0U; c < inference->n_channels; ++c) {
    const Memory* const memory = &inference->channels[c].memory;
    frames[c]                  = even ? memory->frame : memory->input;
  }
}

/// A hop is complete
static void
end_hop(GrusInference* const           inference,
        const GrusInferenceMode* const mode,
        const bool                     first,
        float* const                   activity)
{
  const size_t hop    = inference->hop;
  const size_t window = inference->window;
  const bool   linked = mode->linked && inference->sum;
  const float* frames[GRUS_MAX_CHANNELS];

  find_frames(inference, mode->even, frames);
  if (!mode->even) {
    start_job(inference, linked);
  }
  if (!mode->even || !first) {
    run_job(inference, frames, 1.0f);
    commit_job(inference, mode, activity);
  }

  for (uint32_t c = 0U; c < inference->n_channels; ++c) {
    const Memory* const memory = &inference->channels[c].memory;
    if (mode->even) {
      memcpy(memory->frame, memory->input, window * sizeof(float));
    }
    memmove(memory->input, memory->input + hop, (window - hop) * sizeof(float));
  }
  if (mode->even) {
    start_job(inference, linked);
  }
}

static void
process_frames(GrusInference* const           inference,
               const GrusInferenceMode* const mode,
               const uint64_t                 position,
               const float* const* const      in,
               float* const* const            out,
               const size_t                   n,
               float* const                   activity)
{
  const size_t hop  = inference->hop;
  const size_t old  = inference->window - hop; // Samples of former hops
  size_t       fill = (size_t)(position % hop);

  for (size_t done = 0U; done < n;) {
    const size_t room  = hop - fill;
    const size_t count = n - done < room ? n - done : room;
    for (uint32_t c = 0U; c < inference->n_channels; ++c) {
      const Memory* const memory = &inference->channels[c].memory;
      memcpy(memory->input + old + fill, in[c] + done, count * sizeof(float));
      memcpy(out[c] + done, memory->ready + fill, count * sizeof(float));
    }
    done += count;
    fill += count;
    if (fill == hop) {
      end_hop(inference, mode, position + done == hop, activity);
      fill = 0U;
    }
  }

  if (mode->even && position + n >= hop) {
    const float* frames[GRUS_MAX_CHANNELS];
    find_frames(inference, true, frames);
    run_job(inference, frames, share_at(fill, hop));
  }
}

/// Take `n` samples of a stream from the network's result, from `row` on
static void
take_samples(const GrusInference* const inference,
             const GrusNetwork* const   network,
             const size_t               row,
             const float* const         in,
             float* const               out,
             const size_t               n)
{
  const float    skip = inference->model->output.skip ? 1.0f : 0.0f;
  const GrusRows y =
    grus_network_rows(network, inference->model->n_layers - 1U);
  for (size_t i = 0U; i < n; ++i) {
    out[i] = y.data[(row + i) * y.stride] + (skip * in[i]);
  }
}

static void
process_samples(const GrusInference* const inference,
                const uint32_t             index,
                const float* const         in,
                float* const               out,
                const size_t               n)
{
  GrusNetwork* const network = inference->channels[index].network;
  float* const       hidden  = inference->channels[index].memory.hidden;

  for (size_t done = 0U; done < n; done += MAX_STEPS) {
    const size_t count = n - done < MAX_STEPS ? n - done : MAX_STEPS;
    grus_network_step_samples(network, hidden, in + done, (uint32_t)count);
    take_samples(inference, network, 0U, in + done, out + done, count);
  }
}

/// Two channels from `index` on, which share the network of the first
static void
process_pair(const GrusInference* const inference,
             const uint32_t             index,
             const float* const* const  in,
             float* const* const        out,
             const size_t               n)
{
  GrusNetwork* const network   = inference->channels[index].network;
  float* const       hidden[2] = {
          inference->channels[index].memory.hidden,
          inference->channels[index + 1U].memory.hidden,
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
      take_samples(inference,
                   network,
                   c * count,
                   in[index + c] + done,
                   out[index + c] + done,
                   count);
    }
  }
}

void
grus_inference_process(GrusInference* const           inference,
                       const GrusInferenceMode* const mode,
                       const uint64_t                 position,
                       const float* const* const      in,
                       float* const* const            out,
                       const size_t                   n,
                       float* const                   activity)
{
  if (inference->hop) {
    process_frames(inference, mode, position, in, out, n, activity);
  } else {
    uint32_t c = 0U;
    for (; c + 1U < inference->n_channels; c += 2U) {
      process_pair(inference, c, in, out, n);
    }
    if (c < inference->n_channels) {
      process_samples(inference, c, in[c], out[c], n);
    }
  }
}

void
grus_inference_restore(GrusInference* const           inference,
                       const GrusInferenceMode* const mode,
                       const uint64_t                 position)
{
  const size_t hop = inference->hop;
  if (hop && mode->even && position >= hop) {
    const float* frames[GRUS_MAX_CHANNELS];
    find_frames(inference, true, frames);
    start_job(inference,
              inference->sum && inference->channels[0].memory.gate[2] > 0.0f);
    run_job(inference, frames, share_at(position % hop, hop));
  }
}
