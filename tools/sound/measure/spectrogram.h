// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file spectrogram.h

   The spectrum of a sound over time, in memory that does not grow: when all
   columns are full, neighbours are merged and each one lasts twice as long.
*/

#ifndef GRUS_TOOLS_SOUND_MEASURE_SPECTROGRAM_H
#define GRUS_TOOLS_SOUND_MEASURE_SPECTROGRAM_H

#include <stddef.h>
#include <stdint.h>

/// One spectrogram
typedef struct SpectrogramImpl Spectrogram;

/// Return an empty spectrogram, or null without memory
Spectrogram*
spectrogram_new(uint32_t n_channels, uint32_t sample_rate);

/// Free `spectrogram` (null is allowed)
void
spectrogram_free(Spectrogram* spectrogram);

/// Add `n` interleaved frames; the power of the channels is averaged
void
spectrogram_add(Spectrogram* spectrogram, const float* frames, size_t n);

/// Return the number of columns
size_t
spectrogram_columns(const Spectrogram* spectrogram);

/// Return the number of rows, from 0 Hz to half the sample rate
size_t
spectrogram_rows(const Spectrogram* spectrogram);

/// Return the mean level of a place in dB below a full-scale sine
double
spectrogram_level(const Spectrogram* spectrogram, size_t column, size_t row);

/// Return the seconds of sound that all columns show
double
spectrogram_seconds(const Spectrogram* spectrogram);

/// Return the frequency at the top, Hz
double
spectrogram_top(const Spectrogram* spectrogram);

#endif // GRUS_TOOLS_SOUND_MEASURE_SPECTROGRAM_H
