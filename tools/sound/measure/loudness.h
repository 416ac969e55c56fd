// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file loudness.h

   How loud a sound is, measured as it passes, in memory that does not grow.
*/

#ifndef GRUS_TOOLS_SOUND_MEASURE_LOUDNESS_H
#define GRUS_TOOLS_SOUND_MEASURE_LOUDNESS_H

#include <stddef.h>
#include <stdint.h>

enum { LEVELS_BINS = 1600 }; ///< Of the histogram, a tenth of a dB each

/// Levels of one sound, all zero at the start
typedef struct {
  double   sum;         ///< Of squares, of all samples
  uint64_t n_samples;   ///< All samples
  float    peak;        ///< Largest absolute sample
  double   window_sum;  ///< Of squares, in the window that is filling
  uint32_t window_fill; ///< Frames in it
  uint64_t n_windows;   ///< Whole windows
  uint64_t histogram[LEVELS_BINS]; ///< Of the windows' levels
} Levels;

/// Add `n` interleaved frames; windows last 50 ms
void
levels_add(Levels*      levels,
           const float* frames,
           size_t       n,
           uint32_t     n_channels,
           uint32_t     sample_rate);

/// Return the largest sample in dBFS, -160 for silence
double
levels_peak(const Levels* levels);

/// Return the level of everything in dBFS (RMS of full scale), -160 at least
double
levels_rms(const Levels* levels);

/// Return the level that a tenth of the 50 ms windows lie below: the pauses
double
levels_floor(const Levels* levels);

#endif // GRUS_TOOLS_SOUND_MEASURE_LOUDNESS_H
