// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What goes into a network and what comes out of its layers

#ifndef GRUS_SPECTRUM_H
#define GRUS_SPECTRUM_H

#include <stddef.h>

/// What a front end hands to a frame network, arrays of bins
typedef struct {
  const float* re;            ///< Real part, scaled
  const float* im;            ///< Imaginary part, scaled
  const float* compressed_re; ///< Real part of the compressed spectrum
  const float* compressed_im; ///< Imaginary part of the compressed spectrum
  const float* feature;       ///< Logarithmic power of each bin
} GrusSpectrum;

/// Columns of one layer's result: rows of `stride` floats
typedef struct {
  const float* data;
  size_t       stride;
} GrusRows;

/// What a frame network says about a spectrum; no data where it says nothing
typedef struct {
  GrusRows mask;  ///< Real and imaginary parts for each band
  GrusRows gains; ///< One row, a gain for each band
} GrusMaskRows;

#endif // GRUS_SPECTRUM_H
