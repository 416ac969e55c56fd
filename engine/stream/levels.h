// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What the meters of a stream are made of

#ifndef GRUS_LEVELS_H
#define GRUS_LEVELS_H

#include "grus/attributes.h"

#include <stddef.h>
#include <stdint.h>

/// Peaks that fall and energies that fade; not part of a stream's state
typedef struct {
  float input_peak;
  float output_peak;
  float dry_energy;
  float wet_energy;
} GrusLevels;

/// Let everything fade by the time of `n` frames
GRUS_REALTIME void
grus_levels_fade(GrusLevels* levels, uint32_t n, uint32_t sample_rate);

/// Raise `peak` to the largest magnitude in `x`
GRUS_REALTIME void
grus_levels_peak(float* peak, const float* x, size_t n);

/// Return the sum of squares of `x`
GRUS_REALTIME float
grus_levels_energy(const float* x, size_t n);

/// Return how much less energy there is than in the dry sound, dB, 0 or more
GRUS_REALTIME float
grus_levels_reduction(const GrusLevels* levels);

/// Return an amplitude in dBFS, within the range of the meters
GRUS_REALTIME float
grus_levels_decibels(float amplitude);

#endif // GRUS_LEVELS_H
