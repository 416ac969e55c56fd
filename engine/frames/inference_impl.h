// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What the parts of an inference share: inference.c makes and frees it,
// frames.c and samples.c run the two kinds of networks, job.c the work on one
// frame

#ifndef GRUS_INFERENCE_IMPL_H
#define GRUS_INFERENCE_IMPL_H

#include "base/arena.h"
#include "frames/downmix.h"
#include "frames/inference.h"
#include "frames/job.h"
#include "grus/attributes.h"
#include "model/model.h"
#include "network/network.h"
#include "stft/stft.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Samples of a stream that a sample network takes through a layer at once
enum { GRUS_MAX_STEPS = 64 };

/// What one channel remembers, arrays that the stream owns
typedef struct {
  float* input;   ///< (window) The last samples
  float* frame;   ///< (window) The frame that is worked on, with an even load
  float* overlap; ///< (hop)
  float* ready;   ///< (hop) What leaves while the next hop comes in
  float* gate;    ///< (GRUS_GATE_SIZE) See gate.h
  float* linked;  ///< (1) Whether the frame's work is for linked channels
  float* row;     ///< Of the downmix
  float* hidden;  ///< Hidden states of the network
} GrusChannelMemory;

/// What one channel works with
typedef struct {
  GrusNetwork*      network;
  GrusStft*         stft; ///< Null for a sample network
  GrusChannelMemory memory;
  GrusArena         arena;
  float*            hidden; ///< Hidden states while a frame is worked on
  float*            result; ///< (2 * hop) What the frame adds to the output
  float*            row;    ///< Of the downmix, while a frame is worked on
} GrusChannel;

struct GrusInferenceImpl {
  const GrusModel* model;
  uint32_t         n_channels;
  size_t           hop;    ///< 0 for a sample network
  size_t           window; ///< Likewise
  GrusChannel*     channels;
  GrusDownmix      downmix;
  GrusStft*        sum; ///< What linked channels are heard as, null for one
  GrusPlan         plans[2]; ///< Of channels by themselves, and linked
  GrusJob          job;
};

/// Return the number of floats that one channel remembers of the downmix
static inline size_t
grus_inference_row_size(const GrusInference* const inference)
{
  return inference->n_channels > 1U && inference->hop
           ? grus_downmix_row_size(&inference->downmix)
           : 0U;
}

/// Make what linked channels are heard as of their spectra
GRUS_REALTIME void
grus_linked_downmix(GrusInference* inference);

/// Process samples of every channel with a frame network
GRUS_REALTIME void
grus_frames_process(GrusInference*           inference,
                    const GrusInferenceMode* mode,
                    const GrusBlock*         block,
                    float*                   activity);

/// See grus_inference_restore()
void
grus_frames_restore(GrusInference*           inference,
                    const GrusInferenceMode* mode,
                    uint64_t                 position);

/// Process samples of every channel with a sample network
GRUS_REALTIME void
grus_samples_process(const GrusInference* inference, const GrusBlock* block);

#endif // GRUS_INFERENCE_IMPL_H
