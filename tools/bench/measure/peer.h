// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file peer.h

   PyTorch or ONNX Runtime beside us: a Python process on the same core that
   computes when it is asked and waits otherwise, so that it can take turns with
   the kernels.
*/

#ifndef GRUS_TOOLS_BENCH_MEASURE_PEER_H
#define GRUS_TOOLS_BENCH_MEASURE_PEER_H

#include "bench/measure/gru.h"

#include <stdbool.h>
#include <stdint.h>

enum { BENCH_VERSION_SIZE = 32 };

/// What a peer computes with
typedef enum {
  BENCH_PYTORCH,
  BENCH_ONNXRUNTIME, ///< Of what PyTorch exports
} BenchPeerKind;

enum { BENCH_N_PEERS = BENCH_ONNXRUNTIME + 1 };

/// A running Python
typedef struct BenchPeerImpl BenchPeer;

/// Return a Python with such a peer, to be ended, or null where there is none
BenchPeer*
bench_peer_start(BenchPeerKind kind);

/// End it (null is allowed)
void
bench_peer_end(BenchPeer* peer);

/// Return what it is, like "PyTorch 1.13.0"
const char*
bench_peer_name(const BenchPeer* peer);

/// Return the nanoseconds of a step of nn.GRU in `n_calls` calls of `n_steps`,
/// with `size.streams` sequences side by side, or infinity without an answer
double
bench_peer_time(BenchPeer* peer,
                GruSize    size,
                uint32_t   n_steps,
                uint32_t   n_calls);

#endif // GRUS_TOOLS_BENCH_MEASURE_PEER_H
