// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file network.h

   A model's layers, run in order over one arena of scratch.  A network holds
   no memory of sound: hidden states belong to the caller, so that one network
   serves every channel of a stream in turn.
*/

#ifndef GRUS_NETWORK_H
#define GRUS_NETWORK_H

#include "grus/attributes.h"
#include "kernels/kernels.h"
#include "model/model.h"
#include "network/spectrum.h"

#include <stddef.h>
#include <stdint.h>

/// Scratch and plan of one running network
typedef struct GrusNetworkImpl GrusNetwork;

/**
   Return a network that runs `model` on `kernels`, or null without memory.

   @param max_steps Most samples of one call of a sample network; 1 for frames.
*/
GRUS_NODISCARD GrusNetwork*
grus_network_new(const GrusModel*   model,
                 const GrusKernels* kernels,
                 uint32_t           max_steps);

/// Free `network` (null is allowed)
void
grus_network_free(GrusNetwork* network);

/**
   Return the bytes that a network and the hidden states of one channel take,
   or 0 without memory to find out.

   @param max_steps As for grus_network_new().
*/
size_t
grus_network_memory(const GrusModel* model, uint32_t max_steps);

/// Return the number of floats of one channel's hidden states
size_t
grus_network_state_size(const GrusNetwork* network);

/// Return the number of pieces that the work on one analysis frame is cut into
uint32_t
grus_network_n_pieces(const GrusNetwork* network);

/// Return about how many multiplications of weights a piece takes
float
grus_network_piece_cost(const GrusNetwork* network, uint32_t piece);

/**
   Run one piece of the work on an analysis frame.

   All pieces in order are one step; `spectrum` must stay the same meanwhile.

   @param state Aligned to 64 bytes, moves on with each piece.
*/
GRUS_REALTIME void
grus_network_run_piece(GrusNetwork*        network,
                       uint32_t            piece,
                       float*              state,
                       const GrusSpectrum* spectrum);

/// Run `n` samples, at most max_steps; `state` moves on by as many steps
GRUS_REALTIME void
grus_network_step_samples(GrusNetwork* network,
                          float*       state,
                          const float* samples,
                          uint32_t     n);

/**
   Run `n` samples of two streams, at most half of max_steps, to the same bits
   as one after the other.

   @param states One for each stream.
   @param samples `n` of the first stream, then `n` of the second, as results
   are.
*/
GRUS_REALTIME void
grus_network_step_pair(GrusNetwork*  network,
                       float* const* states,
                       const float*  samples,
                       uint32_t      n);

/// Return the last result of a layer, valid until the next step
GRUS_REALTIME GrusRows
grus_network_rows(const GrusNetwork* network, uint32_t layer);

/// Return the last masks and gains, valid until the next step
GRUS_REALTIME GrusMaskRows
grus_network_mask_rows(const GrusNetwork* network);

#endif // GRUS_NETWORK_H
