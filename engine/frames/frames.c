// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "frames/frames.h"

#include "frames/block.h"
#include "frames/channels.h"
#include "frames/gate.h"
#include "frames/job.h"
#include "model/model.h"
#include "network/network.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// How much of a job is to be done by a place in the hop: somewhat more than
/// the place says, since the last block of the hop has the sound to put out too
static float
share_at(const size_t fill, const size_t hop)
{
  return 1.05f * (float)fill / (float)hop;
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
    const uint32_t                 leader = linked ? 0U : c;
    const GrusChannel* const       own    = &inference->channels[c];
    const GrusChannelMemory* const memory = &own->memory;
    const float                    voice  = network_activity(inference, leader);

    // Linked channels share a state, so that each can go on by itself
    memcpy(memory->hidden,
           inference->channels[leader].hidden,
           n_hidden * sizeof(float));
    if (linked) {
      memcpy(memory->row,
             own->row,
             grus_channel_row_size(inference) * sizeof(float));
    }
    for (size_t i = 0U; i < hop; ++i) {
      memory->ready[i] = memory->overlap[i] + own->result[i];
    }
    memcpy(memory->overlap, own->result + hop, hop * sizeof(float));
    if (gated) {
      grus_gate_process(&mode->gate, memory->gate, voice, memory->ready, hop);
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
    const GrusChannelMemory* const memory = &inference->channels[c].memory;
    frames[c] = even ? memory->frame : memory->input;
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
    grus_job_start(inference, linked);
  }
  if (!mode->even || !first) {
    grus_job_run(inference, frames, 1.0f);
    commit_job(inference, mode, activity);
  }

  for (uint32_t c = 0U; c < inference->n_channels; ++c) {
    const GrusChannelMemory* const memory = &inference->channels[c].memory;
    if (mode->even) {
      memcpy(memory->frame, memory->input, window * sizeof(float));
    }
    memmove(memory->input, memory->input + hop, (window - hop) * sizeof(float));
  }
  if (mode->even) {
    grus_job_start(inference, linked);
  }
}

void
grus_frames_process(GrusInference* const           inference,
                    const GrusInferenceMode* const mode,
                    const GrusBlock* const         block,
                    float* const                   activity)
{
  const size_t hop  = inference->hop;
  const size_t old  = inference->window - hop; // Samples of former hops
  const size_t n    = block->n;
  size_t       fill = (size_t)(block->position % hop);

  for (size_t done = 0U; done < n;) {
    const size_t room  = hop - fill;
    const size_t count = n - done < room ? n - done : room;
    for (uint32_t c = 0U; c < inference->n_channels; ++c) {
      const GrusChannelMemory* const memory = &inference->channels[c].memory;
      memcpy(
        memory->input + old + fill, block->in[c] + done, count * sizeof(float));
      memcpy(block->out[c] + done, memory->ready + fill, count * sizeof(float));
    }
    done += count;
    fill += count;
    if (fill == hop) {
      end_hop(inference, mode, block->position + done == hop, activity);
      fill = 0U;
    }
  }

  if (mode->even && block->position + n >= hop) {
    const float* frames[GRUS_MAX_CHANNELS];
    find_frames(inference, true, frames);
    grus_job_run(inference, frames, share_at(fill, hop));
  }
}

void
grus_frames_restore(GrusInference* const           inference,
                    const GrusInferenceMode* const mode,
                    const uint64_t                 position)
{
  const size_t hop = inference->hop;
  if (mode->even && position >= hop) {
    const float* frames[GRUS_MAX_CHANNELS];
    find_frames(inference, true, frames);
    grus_job_start(inference,
                   inference->sum &&
                     inference->channels[0].memory.linked[0] > 0.0f);
    grus_job_run(inference, frames, share_at(position % hop, hop));
  }
}
