// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file front_end.h

   Analysis frames out of samples, and samples back (short-time Fourier
   transform, overlap-add of the last two hops of every frame), with the masks
   and gains of a network between the two.

   A front end can run at other rates than its model's: where window and hop
   keep their duration as whole samples, the bins keep their frequencies.
*/

#ifndef GRUS_FRONT_END_H
#define GRUS_FRONT_END_H

#include "grus/attributes.h"
#include "kernels/kernels.h"
#include "model/model.h"
#include "network/network.h"

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

/// Return the samples from one frame to the next
uint32_t
grus_framer_hop(const GrusFramer* framer);

/// Return the samples of a frame, two hops or more
uint32_t
grus_framer_window(const GrusFramer* framer);

/// Steps of an analysis, and of a synthesis
enum { GRUS_FRAMER_STEPS = 5 };

/// Return about the cost of one step of an analysis in multiplications of a
/// network's weights
float
grus_framer_analysis_cost(const GrusFramer* framer, uint32_t step);

/// Return about the cost of one step of a synthesis, likewise
float
grus_framer_synthesis_cost(const GrusFramer* framer, uint32_t step);

/**
   Take the spectrum of an analysis frame, one step after the other.

   @param input The last samples of the input, as many as the window has.
*/
GRUS_REALTIME void
grus_framer_analyze(GrusFramer* framer, const float* input, uint32_t step);

/// Start a sum of several spectra: `framer` analyzes no input of its own
GRUS_REALTIME void
grus_framer_sum_start(GrusFramer* framer);

/// Add the spectrum that `other` has analyzed, times `weight`
GRUS_REALTIME void
grus_framer_sum_add(GrusFramer* framer, const GrusFramer* other, float weight);

/// Multiply the sum by `factor`: it is the spectrum then
GRUS_REALTIME void
grus_framer_sum_end(GrusFramer* framer, float factor);

/// Return the spectrum, valid until the next one
GRUS_REALTIME GrusSpectrum
grus_framer_spectrum(const GrusFramer* framer);

/**
   Turn the spectrum, changed by what a network has made of it, into sound, one
   step after the other.

   @param network What has heard this spectrum, or one that stands for it.
   @param result What the frame adds to the two hops of output that it covers,
   2 * hop samples.
*/
GRUS_REALTIME void
grus_framer_synthesize(GrusFramer*        framer,
                       const GrusNetwork* network,
                       float*             result,
                       uint32_t           step);

#endif // GRUS_FRONT_END_H
