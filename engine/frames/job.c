// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "frames/job.h"

#include "frames/channels.h"
#include "frames/downmix.h"
#include "frames/linked.h"
#include "network/network.h"
#include "network/spectrum.h"
#include "stft/stft.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

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

GrusPlan
grus_job_plan(const GrusInference* const inference, const bool linked)
{
  const uint32_t n    = inference->n_channels;
  GrusPlan       plan = {0U, 0.0f, 0.0f};

  plan.n_units =
    linked ? units_of_one(inference) + (2U * GRUS_STFT_STEPS * (n - 1U)) + 1U
           : units_of_one(inference) * n;
  for (uint32_t i = 0U; i < plan.n_units; ++i) {
    const float cost = unit_cost(inference, find_unit(inference, linked, i));
    plan.cost += cost;
    plan.largest_cost = fmaxf(plan.largest_cost, cost);
  }
  return plan;
}

/// Number of networks that a job runs
static uint32_t
n_networks(const GrusInference* const inference, const bool linked)
{
  return linked ? 1U : inference->n_channels;
}

void
grus_job_start(GrusInference* const inference, const bool linked)
{
  GrusJob* const job    = &inference->job;
  const size_t n_hidden = grus_network_state_size(inference->channels->network);

  inference->channels[0].memory.linked[0] = linked ? 1.0f : 0.0f;
  job->linked                             = linked;
  job->n_done                             = 0U;
  job->cost_done                          = 0.0f;
  job->share                              = 0.0f;
  for (uint32_t c = 0U; c < n_networks(inference, linked); ++c) {
    memcpy(inference->channels[c].hidden,
           inference->channels[c].memory.hidden,
           n_hidden * sizeof(float));
  }
  for (uint32_t c = 0U; linked && c < inference->n_channels; ++c) {
    memcpy(inference->channels[c].row,
           inference->channels[c].memory.row,
           grus_channel_row_size(inference) * sizeof(float));
  }
}

static void
run_unit(GrusInference* const inference,
         const Unit           unit,
         const float* const*  frames)
{
  GrusChannel* const       own    = &inference->channels[unit.channel];
  const bool               linked = inference->job.linked;
  const GrusChannel* const leader = linked ? inference->channels : own;

  switch (unit.type) {
  case UNIT_ANALYZE:
    grus_stft_analyze(own->stft, frames[unit.channel], unit.piece);
    break;
  case UNIT_DOWNMIX:
    grus_linked_downmix(inference);
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

void
grus_job_run(GrusInference* const inference,
             const float* const*  frames,
             const float          share)
{
  GrusJob* const        job  = &inference->job;
  const GrusPlan* const plan = &inference->plans[job->linked];
  const float           step = 1.1f * (share - job->share) * plan->cost;
  const float           end  = job->cost_done + fmaxf(step, plan->largest_cost);
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
