// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file stft.h

   The short-time Fourier transform: spectra out of analysis frames of samples,
   and samples back, to be overlapped and added over the last two hops of every
   frame, with the masks and gains of a network between the two.

   It can run at other rates than its model's: where window and hop
   keep their duration as whole samples, the bins keep their frequencies.
*/

#ifndef GRUS_STFT_H
#define GRUS_STFT_H

#include "grus/attributes.h"
#include "kernels/kernels.h"
#include "model/model.h"
#include "network/spectrum.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Transform, window and scratch; no memory of sound
typedef struct GrusStftImpl GrusStft;

/// Return whether frames of `model` exist at `sample_rate` without resampling
bool
grus_stft_supports(const GrusModel* model, uint32_t sample_rate);

/// Return an STFT for `model` at `sample_rate`, or null without memory
GRUS_NODISCARD GrusStft*
grus_stft_new(const GrusModel*   model,
              const GrusKernels* kernels,
              uint32_t           sample_rate);

/// Free `stft` (null is allowed)
void
grus_stft_free(GrusStft* stft);

/// Return the samples from one frame to the next
uint32_t
grus_stft_hop(const GrusStft* stft);

/// Return the samples of a frame, two hops or more
uint32_t
grus_stft_window(const GrusStft* stft);

/// Steps of an analysis, and of a synthesis
enum { GRUS_STFT_STEPS = 5 };

/// Return about the cost of one step of an analysis in multiplications of a
/// network's weights
float
grus_stft_analysis_cost(const GrusStft* stft, uint32_t step);

/// Return about the cost of one step of a synthesis, likewise
float
grus_stft_synthesis_cost(const GrusStft* stft, uint32_t step);

/**
   Take the spectrum of an analysis frame, one step after the other.

   @param input The last samples of the input, as many as the window has.
*/
GRUS_REALTIME void
grus_stft_analyze(GrusStft* stft, const float* input, uint32_t step);

/// Start a sum of several spectra: `stft` analyzes no input of its own
GRUS_REALTIME void
grus_stft_sum_start(GrusStft* stft);

/// Add the spectrum that `other` has analyzed, times `weight`
GRUS_REALTIME void
grus_stft_sum_add(GrusStft* stft, const GrusStft* other, float weight);

/// Multiply the sum by `factor`: it is the spectrum then
GRUS_REALTIME void
grus_stft_sum_end(GrusStft* stft, float factor);

/// Return the spectrum, valid until the next one
GRUS_REALTIME GrusSpectrum
grus_stft_spectrum(const GrusStft* stft);

/**
   Turn the spectrum, changed by what a network has made of it, into sound, one
   step after the other.

   @param rows What a network has made of this spectrum, or of one that stands
   for it.
   @param result What the frame adds to the two hops of output that it covers,
   2 * hop samples.
*/
GRUS_REALTIME void
grus_stft_synthesize(GrusStft*           stft,
                     const GrusMaskRows* rows,
                     float*              result,
                     uint32_t            step);

#endif // GRUS_STFT_H
