// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file channel.h

   Samples at the network's rate through a network, any number at a time: what
   one channel of a stream does between the resamplers.
*/

#ifndef GRUS_CHANNEL_H
#define GRUS_CHANNEL_H

#include "attributes.h"
#include "kernels.h"
#include "model.h"

#include <stddef.h>
#include <stdint.h>

/// A network and its front end; no memory of sound
typedef struct GrusChannelImpl GrusChannel;

/// Return what runs `model` at `sample_rate`, or null without memory
GRUS_NODISCARD GrusChannel*
grus_channel_new(const GrusModel*   model,
                 const GrusKernels* kernels,
                 uint32_t           sample_rate);

/// Free `channel` (null is allowed)
void
grus_channel_free(GrusChannel* channel);

/// Return the delay from input to output in samples of the network's rate
uint32_t
grus_channel_latency(const GrusChannel* channel);

/// Return the number of floats that one channel remembers, zero at the start
size_t
grus_channel_state_size(const GrusChannel* channel);

/**
   Process `n` samples.

   @param state The channel's memory, aligned to 64 bytes.
   @param position Samples of this channel since its state was zero.
   @param activity Replaced by the voice activity of each analysis frame that
   ends in these samples.
*/
GRUS_REALTIME void
grus_channel_process(GrusChannel* channel,
                     float*       state,
                     uint64_t     position,
                     const float* in,
                     float*       out,
                     size_t       n,
                     float*       activity);

#endif // GRUS_CHANNEL_H
