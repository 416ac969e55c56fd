// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file block.h

   A block of samples of every channel, and how it is to be processed.
*/

#ifndef GRUS_BLOCK_H
#define GRUS_BLOCK_H

#include "frames/gate.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// How the next samples are to be processed; may change at any sample
typedef struct {
  bool             linked; ///< One mask for all channels
  bool             even;   ///< Even load; may change only at the start
  GrusGateSettings gate;
} GrusInferenceMode;

/// Samples of every channel at the network's rate
typedef struct {
  const float* const* in;
  float* const*       out;
  size_t              n;
  uint64_t            position; ///< Of the first, since the memory was zero
} GrusBlock;

#endif // GRUS_BLOCK_H
