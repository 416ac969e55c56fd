// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "stft/mask.h"

#include "base/pad.h"
#include "kernels/kernels.h"
#include "model/model.h"
#include "network/spectrum.h"
#include "stft/instance.h"

#include <kiss_fftr.h>

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static uint32_t
min_u32(const uint32_t a, const uint32_t b)
{
  return a < b ? a : b;
}

/// Bring the ragged rows of a mask into the order of the bins
static void
gather_mask(struct GrusStftImpl* const stft, const GrusRows rows)
{
  const GrusBands* const bands = &stft->model->output.mask_bands;
  const float*           row   = rows.data;
  size_t                 bin   = 0U;

  for (uint32_t g = 0U; g < bands->n_groups; ++g) {
    const size_t width = bands->groups[g].width;
    for (uint32_t i = 0U; i < bands->groups[g].count; ++i) {
      memcpy(stft->mask_re + bin, row, width * sizeof(float));
      memcpy(stft->mask_im + bin, row + width, width * sizeof(float));
      row += rows.stride;
      bin += width;
    }
  }
}

static void
apply_mask(struct GrusStftImpl* const stft, const GrusRows rows)
{
  const GrusOutput* const output = &stft->model->output;
  const size_t            first  = output->mask_bands.first_bin;
  const size_t            n      = output->mask_bands.n_bins;

  gather_mask(stft, rows);
  memcpy(stft->masked_re, stft->compressed_re + first, n * sizeof(float));
  memcpy(stft->masked_im, stft->compressed_im + first, n * sizeof(float));
  stft->kernels->mask_expand(stft->masked_re,
                             stft->masked_im,
                             stft->mask_re,
                             stft->mask_im,
                             stft->model->front_end.power,
                             grus_pad(n));

  const size_t end =
    min_u32(grus_bands_end(&output->mask_bands), stft->n_available);
  for (size_t i = first; i < end; ++i) {
    stft->transform.bins[i].r = stft->masked_re[i - first];
    stft->transform.bins[i].i = stft->masked_im[i - first];
  }
}

static void
apply_gains(struct GrusStftImpl* const stft, const GrusRows rows)
{
  const GrusOutput* const output = &stft->model->output;
  const GrusBands* const  bands  = &output->gain_bands;
  const float*            gain   = rows.data;
  uint32_t                bin    = bands->first_bin;

  for (uint32_t g = 0U; g < bands->n_groups; ++g) {
    for (uint32_t i = 0U; i < bands->groups[g].count; ++i, ++gain) {
      const uint32_t end =
        min_u32(bin + bands->groups[g].width, stft->n_available);
      for (uint32_t k = bin; k < end; ++k) {
        stft->transform.bins[k].r = stft->re[k] * *gain;
        stft->transform.bins[k].i = stft->im[k] * *gain;
      }
      bin += bands->groups[g].width;
    }
  }
}

void
grus_stft_apply_mask(struct GrusStftImpl* const stft,
                     const GrusMaskRows* const  rows)
{
  memset(stft->transform.bins, 0, (stft->half + 1U) * sizeof(kiss_fft_cpx));
  if (rows->mask.data) {
    apply_mask(stft, rows->mask);
  }
  if (rows->gains.data) {
    apply_gains(stft, rows->gains);
  }
}
