// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What stft.c, which makes spectra, and mask.c, which changes them, share

#ifndef GRUS_STFT_INSTANCE_H
#define GRUS_STFT_INSTANCE_H

#include "base/arena.h"
#include "kernels/kernels.h"
#include "model/model.h"
#include "stft/transform.h"

#include <stdint.h>

struct GrusStftImpl {
  const GrusModel*   model;
  const GrusKernels* kernels;
  uint32_t           window;
  uint32_t           hop;
  uint32_t           half;         ///< Of the window
  uint32_t           n_bins;       ///< Bins that a network may see
  uint32_t           n_available;  ///< Of these, bins below the host's Nyquist
  uint32_t           n_compressed; ///< Bins that are compressed
  GrusTransform      transform;
  GrusArena          arena;
  float*             analysis_window;  ///< (window)
  float*             synthesis_window; ///< (2 * hop), undoes the FFT's scale
  float*             re;               ///< (n_bins), scaled
  float*             im;               ///< (n_bins), scaled
  float*             compressed_re;    ///< (n_compressed)
  float*             compressed_im;    ///< (n_compressed)
  float*             feature;          ///< (n_compressed)
  float*             masked_re;        ///< (masked bins)
  float*             masked_im;        ///< (masked bins)
  float*             mask_re;          ///< (masked bins)
  float*             mask_im;          ///< (masked bins)
};

/// Return the bin after the last that `bands` cover
static inline uint32_t
grus_bands_end(const GrusBands* const bands)
{
  return bands->first_bin + bands->n_bins;
}

#endif // GRUS_STFT_INSTANCE_H
