// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "frames/linked.h"

#include "frames/channels.h"
#include "frames/downmix.h"
#include "network/spectrum.h"
#include "stft/stft.h"

#include <stddef.h>
#include <stdint.h>

void
grus_linked_downmix(GrusInference* const inference)
{
  const uint32_t n                          = inference->n_channels;
  float*         rows[GRUS_MAX_CHANNELS]    = {NULL};
  GrusSpectrum   spectra[GRUS_MAX_CHANNELS] = {{NULL, NULL, NULL, NULL, NULL}};

  for (uint32_t c = 0U; c < n; ++c) {
    rows[c]    = inference->channels[c].row;
    spectra[c] = grus_stft_spectrum(inference->channels[c].stft);
  }
  grus_downmix_update(&inference->downmix, rows, spectra);

  grus_stft_sum_start(inference->sum);
  for (uint32_t c = 0U; c < n; ++c) {
    const float weight = grus_downmix_weight(rows[c]);
    grus_stft_sum_add(inference->sum, inference->channels[c].stft, weight);
  }
  grus_stft_sum_end(inference->sum,
                    grus_downmix_scale(&inference->downmix, rows));
}
