// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file channels.h

   What the parts of an inference share: networks, STFTs and memory of every
   channel, and the work on their analysis frames.  inference.h makes and frees
   it.
*/

#ifndef GRUS_CHANNELS_H
#define GRUS_CHANNELS_H

#include "base/arena.h"
#include "frames/downmix.h"
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

/// What work on one analysis frame of every channel takes
typedef struct {
  uint32_t n_units;
  float    cost;         ///< Of all units
  float    largest_cost; ///< Of one unit
} GrusPlan;

/// Work on one analysis frame of every channel
typedef struct {
  bool     linked;
  uint32_t n_done;
  float    cost_done; ///< Of the units that have run
  float    share;     ///< Of the job that was to be done at last
} GrusJob;

/// See inference.h
typedef struct GrusInferenceImpl {
  const GrusModel* model;
  uint32_t         n_channels;
  size_t           hop;    ///< 0 for a sample network
  size_t           window; ///< Likewise
  GrusChannel*     channels;
  GrusDownmix      downmix;
  GrusStft*        sum; ///< What linked channels are heard as, null for one
  GrusPlan         plans[2]; ///< Of channels by themselves, and linked
  GrusJob          job;
} GrusInference;

/// Return the number of floats that one channel remembers of the downmix
static inline size_t
grus_channel_row_size(const GrusInference* const inference)
{
  return inference->n_channels > 1U && inference->hop
           ? grus_downmix_row_size(&inference->downmix)
           : 0U;
}

#endif // GRUS_CHANNELS_H
