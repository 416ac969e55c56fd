// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What the files share that make a stream (stream.c), run it (process.c), set
// and read its parameters and meters (settings.c) and save it (saved_state.c)

#ifndef GRUS_STREAM_INSTANCE_H
#define GRUS_STREAM_INSTANCE_H

#include "base/arena.h"
#include "frames/inference.h"
#include "grus/grus.h"
#include "grus/params.h"
#include "kernels/kernels.h"
#include "stream/levels.h"
#include "stream/mix.h"
#include "stream/resampler.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Where a stream is in time; the same for all channels
typedef struct {
  uint64_t n_in;      ///< Frames since the start
  uint64_t n_network; ///< Samples that the network has taken
  uint64_t n_up;      ///< Samples that the second resampler has taken
  uint32_t n_waiting; ///< Resampled output frames not given away yet
  bool     fresh;     ///< Whether parameters jump at the next block
  bool     even;      ///< Even load
  GrusMix  mix;
} GrusPosition;

/// What one channel remembers beside its network, in the stream's memory
typedef struct {
  float* delay;        ///< (largest latency) The last frames of the input
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
  uint32_t           latency[2]; ///< Frames, without and with an even load
  uint32_t           padding[2]; ///< Zeros ahead of the second resampler
  GrusInference*     inference;
  GrusResampler*     down; ///< To the model's rate, null if there is no need
  GrusResampler*     up;   ///< From the model's rate, null likewise
  size_t             waiting_size;
  GrusPosition       position;
  GrusArena          memory; ///< All that is remembered
  GrusMemory         channel_memory[GRUS_MAX_CHANNELS]; ///< Where it lies
  GrusArena          scratch;
  float*             input;                         ///< (chunk)
  float*             network_in[GRUS_MAX_CHANNELS]; ///< (chunk, network's rate)
  float*             wet[GRUS_MAX_CHANNELS];        ///< (chunk, either rate)
  float*             dry[GRUS_MAX_CHANNELS];        ///< (chunk)
  float              ramp[GRUS_N_FACTORS][GRUS_CHUNK];
  GrusLevels         levels;

  _Atomic float    params[GRUS_N_PARAMS];
  _Atomic uint32_t block; ///< Frames that blocks mostly have, 0 if unknown
  _Atomic float    meters[GRUS_N_METERS];
  _Atomic uint32_t n_faults;
};

#endif // GRUS_STREAM_INSTANCE_H
