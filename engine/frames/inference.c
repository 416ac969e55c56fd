// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "frames/inference.h"

#include "base/arena.h"
#include "frames/block.h"
#include "frames/channels.h"
#include "frames/downmix.h"
#include "frames/frames.h"
#include "frames/gate.h"
#include "frames/job.h"
#include "frames/samples.h"
#include "kernels/kernels.h"
#include "model/model.h"
#include "network/network.h"
#include "stft/stft.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/// Steps that a network computes at once
static uint32_t
most_steps(const GrusModel* const model)
{
  return model->info.kind == GRUS_KIND_FRAME ? 1U : 2U * GRUS_MAX_STEPS;
}

size_t
grus_inference_network_memory(const GrusModel* const model)
{
  return grus_network_memory(model, most_steps(model));
}

static bool
make_channel(GrusInference* const     inference,
             GrusChannel* const       channel,
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
  const size_t n_row    = grus_channel_row_size(inference);
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
  inference->channels   = (GrusChannel*)calloc(n_channels, sizeof(GrusChannel));
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
    inference->plans[0] = grus_job_plan(inference, false);
    inference->plans[1] = grus_job_plan(inference, true);
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
  const GrusChannel* const own    = &inference->channels[channel];
  GrusChannelMemory* const memory = &inference->channels[channel].memory;
  const size_t             hop    = inference->hop;

  memory->input   = grus_arena_take(arena, inference->window);
  memory->frame   = grus_arena_take(arena, inference->window);
  memory->overlap = grus_arena_take(arena, hop);
  memory->ready   = grus_arena_take(arena, hop);
  memory->gate    = grus_arena_take(arena, hop ? GRUS_GATE_SIZE + 1U : 0U);
  memory->linked  = memory->gate ? memory->gate + GRUS_GATE_SIZE : NULL;
  memory->row     = grus_arena_take(arena, grus_channel_row_size(inference));
  memory->hidden =
    grus_arena_take(arena, grus_network_state_size(own->network));
}

void
grus_inference_process(GrusInference* const           inference,
                       const GrusInferenceMode* const mode,
                       const GrusBlock* const         block,
                       float* const                   activity)
{
  if (inference->hop) {
    grus_frames_process(inference, mode, block, activity);
  } else {
    grus_samples_process(inference, block);
  }
}

void
grus_inference_restore(GrusInference* const           inference,
                       const GrusInferenceMode* const mode,
                       const uint64_t                 position)
{
  if (inference->hop) {
    grus_frames_restore(inference, mode, position);
  }
}
