// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file resampler.h

   One direction between the host's rate and the model's, on speexdsp.

   speexdsp's filter memory cannot be read or set.  Each channel therefore keeps
   its last inputs: played into a fresh filter from the right phase they give
   the same memory, bit for bit, which is how a state is restored.
*/

#ifndef GRUS_RESAMPLER_H
#define GRUS_RESAMPLER_H

#include "grus/attributes.h"

#include <stddef.h>
#include <stdint.h>

/// A resampler for every channel of a stream, in one direction
typedef struct GrusResamplerImpl GrusResampler;

/// Return a new resampler, or null without memory
GRUS_NODISCARD GrusResampler*
grus_resampler_new(uint32_t n_channels, uint32_t in_rate, uint32_t out_rate);

/// Free `resampler` (null is allowed)
void
grus_resampler_free(GrusResampler* resampler);

/// Return the delay in input samples
uint32_t
grus_resampler_delay(const GrusResampler* resampler);

/// Return the number of samples that the first `n` input samples give
uint64_t
grus_resampler_count(const GrusResampler* resampler, uint64_t n);

/// Return the most samples that `n` input samples can give
size_t
grus_resampler_most_out(const GrusResampler* resampler, size_t n);

/// Return the number of floats of one channel's history
size_t
grus_resampler_history_size(const GrusResampler* resampler);

/// Forget the input of every channel; the caller clears the histories
GRUS_REALTIME void
grus_resampler_reset(GrusResampler* resampler);

/**
   Resample all of `in` as far as it reaches.

   @param history The channel's history, which takes `in` too.
   @param position Input samples of this channel since the last reset.
   @param out Room for grus_resampler_most_out() samples.
   @return The number of samples written, which depends on `position` and `n`
   alone.
*/
GRUS_REALTIME size_t
grus_resampler_process(GrusResampler* resampler,
                       uint32_t       channel,
                       float*         history,
                       uint64_t       position,
                       const float*   in,
                       size_t         n,
                       float*         out);

/**
   Bring one channel to where `history` leaves it, after a reset.

   @param scratch Room for grus_resampler_most_out(1) samples.
*/
void
grus_resampler_restore(GrusResampler* resampler,
                       uint32_t       channel,
                       const float*   history,
                       uint64_t       position,
                       float*         scratch);

#endif // GRUS_RESAMPLER_H
