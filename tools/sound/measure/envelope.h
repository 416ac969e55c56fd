// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file envelope.h

   How loud a sound is over its whole length, in a few numbers whatever that
   length is.
*/

#ifndef GRUS_TOOLS_SOUND_MEASURE_ENVELOPE_H
#define GRUS_TOOLS_SOUND_MEASURE_ENVELOPE_H

#include <stddef.h>
#include <stdint.h>

enum { ENVELOPE_BINS = 64 }; ///< The most; from half of them on they are full

/// Levels of equal stretches of one sound, all zero at the start
typedef struct {
  double   sums[ENVELOPE_BINS]; ///< Of squares, means over the channels
  uint64_t n_frames;            ///< Of the whole sound
  uint64_t n_frames_each;       ///< Of a stretch, 0 before the first frame
} Envelope;

/// Add `n` interleaved frames
void
envelope_add(Envelope*    envelope,
             const float* frames,
             size_t       n,
             uint32_t     n_channels);

/// Return the number of stretches, of which the last may not be whole
size_t
envelope_size(const Envelope* envelope);

/// Return the level of stretch `bin` in dBFS (RMS of full scale), -120 at least
double
envelope_level(const Envelope* envelope, size_t bin);

#endif // GRUS_TOOLS_SOUND_MEASURE_ENVELOPE_H
