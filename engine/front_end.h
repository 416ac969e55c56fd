// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file front_end.h

   Analysis frames out of samples, and samples back (short-time Fourier
   transform, square-root Hann window, half overlap, overlap-add), with the
   masks and gains of a network between the two.

   A front end can run at other rates than its model's: where window and hop
   keep their duration as whole samples, the bins keep their frequencies.
*/

#ifndef GRUS_FRONT_END_H
#define GRUS_FRONT_END_H

#include "attributes.h"
#include "kernels.h"
#include "model.h"
#include "network.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Transform, window and scratch; no memory of sound
typedef struct GrusFramerImpl GrusFramer;

/// Return whether frames of `model` exist at `sample_rate` without resampling
bool
grus_framer_supports(const GrusModel* model, uint32_t sample_rate);

/// Return a framer for `model` at `sample_rate`, or null without memory
GRUS_NODISCARD GrusFramer*
grus_framer_new(const GrusModel*   model,
                const GrusKernels* kernels,
                uint32_t           sample_rate);

/// Free `framer` (null is allowed)
void
grus_framer_free(GrusFramer* framer);

/// Return the samples from one frame to the next; the window is twice as long
uint32_t
grus_framer_hop(const GrusFramer* framer);

/**
   Run one analysis frame through a network.

   @param input The last two hops of the input, 2 * hop samples.
   @param overlap The part of earlier frames that still lacks this one, hop
   samples; replaced by that of this frame.
   @param output The hop of samples that this frame completes: the clean sound
   of the older half of `input`.
   @return The voice activity of the frame, 0 if the model does not tell.
*/
GRUS_REALTIME float
grus_framer_step(GrusFramer*  framer,
                 GrusNetwork* network,
                 float*       state,
                 const float* input,
                 float*       overlap,
                 float*       output);

#endif // GRUS_FRONT_END_H
