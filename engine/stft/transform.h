// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file transform.h

   The Fourier transform of one analysis frame, cut into steps that can run at
   different times.

   Where half a window is even, a frame's transform is made of those of its even
   and odd samples, its parts, so that an even load can be had (Cooley and Tukey
   1965).  Otherwise it has one part, and the steps for two do nothing.

   Forward: fill `frame`, split, forward part 0, forward part 1, join: `bins`.
   Back: fill `bins`, separate, inverse part 0, inverse part 1, interleave:
   `frame`, without the factor of 1 / window.
*/

#ifndef GRUS_TRANSFORM_H
#define GRUS_TRANSFORM_H

#include "base/arena.h"
#include "grus/attributes.h"

#include <kiss_fftr.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A transform and what it works on
typedef struct {
  uint32_t      half;     ///< Of the window
  uint32_t      n_parts;  ///< Transforms that one frame's is made of
  float         cost;     ///< Of one of these, in multiplications of weights
  kiss_fftr_cfg forward;  ///< Of one part
  kiss_fftr_cfg inverse;  ///< Of one part
  kiss_fft_cpx* bins;     ///< (half + 1)
  kiss_fft_cpx* parts[2]; ///< (half / 2 + 1) Of even and odd samples
  kiss_fft_cpx* twiddles; ///< (half / 2 + 1) exp(-i pi k / half)
  float*        frame;    ///< (window)
  float*        halves;   ///< (2, half) Even and odd samples
} GrusTransform;

/// Set up all but the arrays of samples; false without memory, to be freed then
/// too
bool
grus_transform_init(GrusTransform* transform, uint32_t window);

/// Free what a transform owns
void
grus_transform_free(GrusTransform* transform);

/// Take the arrays of samples from an arena of the caller's, twice as usual
void
grus_transform_place(GrusTransform* transform, GrusArena* arena);

/// Separate the even samples of `frame` from the odd ones
GRUS_REALTIME void
grus_transform_split(GrusTransform* transform);

/// Transform part 0 or 1
GRUS_REALTIME void
grus_transform_forward(GrusTransform* transform, uint32_t part);

/// Make `bins` of the parts
GRUS_REALTIME void
grus_transform_join(GrusTransform* transform);

/// Make the parts of `bins`, twice as large as they were
GRUS_REALTIME void
grus_transform_separate(GrusTransform* transform);

/// Transform part 0 or 1 back
GRUS_REALTIME void
grus_transform_inverse(GrusTransform* transform, uint32_t part);

/// Bring the last `n` pairs of samples to the start of `frame`, in order
GRUS_REALTIME void
grus_transform_interleave(GrusTransform* transform, size_t n);

#endif // GRUS_TRANSFORM_H
