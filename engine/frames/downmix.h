// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file downmix.h

   What one network hears of linked channels: a sum of their spectra with
   weights from -1 to 1, as loud as the loudest channel, since what a network
   takes for a voice depends on how loud it is.

   All weights are 1 as long as that sum says what is in them.  A channel that
   takes away from what the others have in common is turned over, as a balanced
   microphone on a stereo jack wants it, and one that is far below the loudest
   is left out.  What decides is how alike the channels were lately where voices
   are, so that it follows voices sooner than noise.  It takes clearly more to
   change a choice than to keep it, one channel changes at a time, and a weight
   takes several hops to its new value.

   Every channel remembers a row of floats, all zero at the start, which stands
   for weights of 1:

   1 - weight, 1 - weight that it moves to, and likeness to channels 0 .. own.
*/

#ifndef GRUS_DOWNMIX_H
#define GRUS_DOWNMIX_H

#include "grus/attributes.h"
#include "model/model.h"
#include "network/network.h"

#include <stddef.h>
#include <stdint.h>

/// How channels are compared and weights move
typedef struct {
  uint32_t n_channels;
  uint32_t first_bin; ///< Of those that are compared
  uint32_t end_bin;
  float    keep; ///< What one hop leaves of the likenesses before it
  float    step; ///< The most that a weight moves in a hop
} GrusDownmix;

/// Return the downmix of channels for `model`
GrusDownmix
grus_downmix_init(const GrusModel* model, uint32_t n_channels);

/// Return the number of floats in a channel's row
size_t
grus_downmix_row_size(const GrusDownmix* downmix);

/// Return about the cost of a hop in multiplications of a network's weights
float
grus_downmix_cost(const GrusDownmix* downmix);

/**
   Hear one frame of every channel and move the weights by one hop.

   @param rows What each channel remembers.
   @param spectra Of each channel's frame.
*/
GRUS_REALTIME void
grus_downmix_update(const GrusDownmix*  downmix,
                    float* const*       rows,
                    const GrusSpectrum* spectra);

/// Return the weight of the channel that remembers `row`
GRUS_REALTIME float
grus_downmix_weight(const float* row);

/**
   Return what to multiply the weighted sum of the channels by.

   That is one over the sum of the weights' magnitudes, which makes it a mean,
   times what makes that mean as loud as the loudest channel lately was where
   voices are: from 1, as for channels that are the same, to n_channels.
*/
GRUS_REALTIME float
grus_downmix_scale(const GrusDownmix* downmix, float* const* rows);

#endif // GRUS_DOWNMIX_H
