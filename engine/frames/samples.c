// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "frames/samples.h"

#include "frames/block.h"
#include "frames/channels.h"
#include "model/model.h"
#include "network/network.h"
#include "network/spectrum.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

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

/// Steps that are left from `done` on, as far as they go at once
static size_t
steps_at(const GrusBlock* const block, const size_t done)
{
  const size_t left = block->n - done;
  return left < GRUS_MAX_STEPS ? left : GRUS_MAX_STEPS;
}

static void
run_one(const GrusInference* const inference,
        const uint32_t             index,
        const GrusBlock* const     block)
{
  GrusNetwork* const network = inference->channels[index].network;
  float* const       hidden  = inference->channels[index].memory.hidden;

  for (size_t done = 0U; done < block->n; done += GRUS_MAX_STEPS) {
    const size_t       count = steps_at(block, done);
    const float* const in    = block->in[index] + done;
    grus_network_step_samples(network, hidden, in, (uint32_t)count);
    take_samples(inference, network, 0U, in, block->out[index] + done, count);
  }
}

/// Two channels from `index` on, which share the network of the first
static void
run_pair(const GrusInference* const inference,
         const uint32_t             index,
         const GrusBlock* const     block)
{
  GrusNetwork* const network   = inference->channels[index].network;
  float* const       hidden[2] = {
          inference->channels[index].memory.hidden,
          inference->channels[index + 1U].memory.hidden,
  };

  for (size_t done = 0U; done < block->n; done += GRUS_MAX_STEPS) {
    const size_t count = steps_at(block, done);
    float        samples[2U * GRUS_MAX_STEPS];
    for (size_t c = 0U; c < 2U; ++c) {
      memcpy(samples + (c * count),
             block->in[index + c] + done,
             count * sizeof(float));
    }
    grus_network_step_pair(network, hidden, samples, (uint32_t)count);
    for (size_t c = 0U; c < 2U; ++c) {
      take_samples(inference,
                   network,
                   c * count,
                   block->in[index + c] + done,
                   block->out[index + c] + done,
                   count);
    }
  }
}

void
grus_samples_process(const GrusInference* const inference,
                     const GrusBlock* const     block)
{
  uint32_t c = 0U;
  for (; c + 1U < inference->n_channels; c += 2U) {
    run_pair(inference, c, block);
  }
  if (c < inference->n_channels) {
    run_one(inference, c, block);
  }
}
