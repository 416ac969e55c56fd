// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file peer.h

   Others beside us: a process on the same core that computes when it is asked
   and waits otherwise, so that it can take turns with the kernels.  For PyTorch
   and ONNX Runtime that is Python, for RTNeural a program that somebody built.
*/

#ifndef GRUS_TOOLS_BENCH_MEASURE_PEER_H
#define GRUS_TOOLS_BENCH_MEASURE_PEER_H

#include "bench/measure/gru.h"

#include <stdbool.h>
#include <stdint.h>

enum {
  BENCH_VERSION_SIZE = 32,
  BENCH_MAX_RTNEURAL = 4, ///< Programs with RTNeural, one for each back end
};

/// What a peer computes with
typedef enum {
  BENCH_PYTORCH,
  BENCH_ONNXRUNTIME, ///< Of what PyTorch exports
} BenchPeerKind;

enum { BENCH_N_PEERS = BENCH_ONNXRUNTIME + 1 };

/// A running process
typedef struct BenchPeerImpl BenchPeer;

/// Return a Python with such a peer, to be ended, or null where there is none
BenchPeer*
bench_peer_start(BenchPeerKind kind);

/// Return the program at `path` as a peer, to be ended, or null if it does not
/// answer; what it must answer is told in peers/rtneural.cpp
BenchPeer*
bench_peer_start_program(const char* path);

/// End it (null is allowed)
void
bench_peer_end(BenchPeer* peer);

/// Return what it is, like "PyTorch 1.13.0"
const char*
bench_peer_name(const BenchPeer* peer);

/// Return the nanoseconds of a step, with Python of nn.GRU, in `n_calls` calls
/// of `n_steps`, with `size.streams` sequences side by side, or infinity
/// without an answer
double
bench_peer_time(BenchPeer* peer,
                GruSize    size,
                uint32_t   n_steps,
                uint32_t   n_calls);

#endif // GRUS_TOOLS_BENCH_MEASURE_PEER_H
