// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What stream.c, which runs a stream, and state.c, which saves it, share

#ifndef GRUS_STREAM_IMPL_H
#define GRUS_STREAM_IMPL_H

#include "arena.h"
#include "attributes.h"
#include "channel.h"
#include "grus.h"
#include "kernels.h"
#include "params.h"
#include "resampler.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Most frames that go through the stages at once
enum { GRUS_CHUNK = 256 };

/**
   out = wet * w + dry * d, where the two factors ramp to what the parameters
   ask for.
*/
typedef struct {
  float    wet;
  float    dry;
  float    wet_target;
  float    dry_target;
  uint32_t n_left; ///< Frames until the targets are reached
} GrusMix;

/// Where a stream is in time; the same for all channels
typedef struct {
  uint64_t n_in;      ///< Frames since the start
  uint64_t n_network; ///< Samples that the network has taken
  uint64_t n_up;      ///< Samples that the second resampler has taken
  uint32_t n_waiting; ///< Resampled output frames not given away yet
  bool     fresh;     ///< Whether parameters jump at the next block
  GrusMix  mix;
} GrusProgress;

/// What one channel remembers, arrays in the stream's memory
typedef struct {
  float* network;      ///< See channel.h
  float* delay;        ///< (latency) The last frames of the input
  float* history_down; ///< See resampler.h
  float* history_up;   ///< See resampler.h
  float* waiting;      ///< (waiting_size) Resampled output
} GrusMemory;

struct GrusStreamImpl {
  const GrusModel*   model;
  const GrusKernels* kernels;
  uint32_t           sample_rate;
  uint32_t           network_rate;
  uint32_t           n_channels;
  uint32_t           latency; ///< Frames
  uint32_t           padding; ///< Zeros ahead of the second resampler
  GrusChannel*       channel;
  GrusResampler*     down; ///< To the model's rate, null if there is no need
  GrusResampler*     up;   ///< From the model's rate, null likewise
  size_t             waiting_size;
  GrusProgress       progress;
  size_t             memory_size; ///< Floats of one channel
  GrusArena          memory;      ///< What every channel remembers
  GrusArena          scratch;
  float*             input;      ///< (chunk)
  float*             network_in; ///< (chunk at the network's rate)
  float*             wet;        ///< (chunk at either rate)
  float*             dry;        ///< (chunk)
  float              ramp_wet[GRUS_CHUNK];
  float              ramp_dry[GRUS_CHUNK];

  _Atomic float    params[GRUS_N_PARAMS];
  _Atomic float    activity;
  _Atomic uint32_t n_faults;
};

/// Return the arrays of one channel
GRUS_REALTIME GrusMemory
grus_stream_memory(const GrusStream* stream, uint32_t channel);

#endif // GRUS_STREAM_IMPL_H
