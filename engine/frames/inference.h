// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file inference.h

   Samples at the network's rate through a network, any number at a time: what
   a stream does between its resamplers.

   Channels of a frame network can be linked: one network hears a sum of them
   (downmix.h), and its mask goes over each of them, so that the stereo image
   stays.

   The work on an analysis frame is cut into small units.  Normally all of them
   run when the frame is complete.  With an even load they run little by little
   while the next hop comes in, and the result leaves one hop later.
*/

#ifndef GRUS_INFERENCE_H
#define GRUS_INFERENCE_H

#include "base/arena.h"
#include "frames/block.h"
#include "grus/attributes.h"
#include "kernels/kernels.h"
#include "model/model.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Networks, STFTs and the work on the frame of all channels
typedef struct GrusInferenceImpl GrusInference;

/// Return what runs `model` at `sample_rate`, or null without memory
GRUS_NODISCARD GrusInference*
grus_inference_new(const GrusModel*   model,
                   const GrusKernels* kernels,
                   uint32_t           sample_rate,
                   uint32_t           n_channels);

/// Free `inference` (null is allowed)
void
grus_inference_free(GrusInference* inference);

/// Return the samples from one frame to the next, 0 for a sample network
uint32_t
grus_inference_hop(const GrusInference* inference);

/// Return the delay from input to output in samples of the network's rate
uint32_t
grus_inference_latency(const GrusInference* inference, bool even);

/// Return the bytes that the network of one channel takes, 0 without memory to
/// find out
size_t
grus_inference_network_memory(const GrusModel* model);

/**
   Lay out what one channel remembers, all of it zero at the start.

   Called twice, as for every arena: to measure, and once more, before the first
   sample, to tell the channel where its arrays lie from then on.

   @param arena The caller's, which clears it, saves it and frees it.
*/
void
grus_inference_place_memory(GrusInference* inference,
                            uint32_t       channel,
                            GrusArena*     arena);

/**
   Process a block of samples of every channel.

   @param activity Replaced by the largest voice activity of the analysis frames
   that end in these samples, if there is one that is larger.
*/
GRUS_REALTIME void
grus_inference_process(GrusInference*           inference,
                       const GrusInferenceMode* mode,
                       const GrusBlock*         block,
                       float*                   activity);

/**
   Go on with the work on a frame where the channels' memory, which a saved
   state has just replaced, left it.

   @param mode What the state was saved with.
*/
void
grus_inference_restore(GrusInference*           inference,
                       const GrusInferenceMode* mode,
                       uint64_t                 position);

#endif // GRUS_INFERENCE_H
