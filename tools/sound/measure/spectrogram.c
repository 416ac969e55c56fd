// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/measure/spectrogram.h"

#include <kiss_fftr.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
  SIZE        = 2048, ///< Samples of a transform
  HOP         = 512,
  ROWS        = 512,
  MERGED      = SIZE / 2 / ROWS, ///< Bins of a row
  MAX_COLUMNS = 1400,
};

struct SpectrogramImpl {
  uint32_t      n_channels;
  uint32_t      sample_rate;
  kiss_fftr_cfg transform;
  float         window[SIZE];
  float*        sound; ///< (n_channels, SIZE) The last samples
  size_t        fill;
  size_t        n_columns;  ///< Whole columns
  size_t        per_column; ///< Transforms of a column
  size_t        n_pending;  ///< Transforms of the column that is filling
  float         power[MAX_COLUMNS + 1][ROWS];
};

Spectrogram*
spectrogram_new(const uint32_t n_channels, const uint32_t sample_rate)
{
  Spectrogram* const s = (Spectrogram*)calloc(1U, sizeof(Spectrogram));
  if (!s) {
    return NULL;
  }

  s->n_channels  = n_channels;
  s->sample_rate = sample_rate;
  s->per_column  = 1U;
  s->transform   = kiss_fftr_alloc(SIZE, 0, NULL, NULL);
  s->sound       = (float*)calloc((size_t)n_channels * SIZE, sizeof(float));
  for (size_t i = 0U; i < SIZE; ++i) {
    s->window[i] = (float)(0.5 - (0.5 * cos(6.283185307 * (double)i / SIZE)));
  }
  if (!s->transform || !s->sound) {
    spectrogram_free(s);
    return NULL;
  }
  return s;
}

void
spectrogram_free(Spectrogram* const spectrogram)
{
  if (spectrogram) {
    free(spectrogram->sound);
    kiss_fftr_free(spectrogram->transform);
    free(spectrogram);
  }
}

/// Halve the number of columns
static void
merge_columns(Spectrogram* const s)
{
  for (size_t i = 0U; i < MAX_COLUMNS / 2; ++i) {
    for (size_t r = 0U; r < ROWS; ++r) {
      s->power[i][r] =
        0.5f * (s->power[2U * i][r] + s->power[(2U * i) + 1U][r]);
    }
  }

  s->n_columns = MAX_COLUMNS / 2;
  s->per_column *= 2U;
  memset(s->power[s->n_columns], 0, sizeof(s->power[0]));
}

static void
end_transform(Spectrogram* const s)
{
  if (++s->n_pending == s->per_column) {
    s->n_pending = 0U;
    ++s->n_columns;
    if (s->n_columns == MAX_COLUMNS) {
      merge_columns(s);
    } else {
      memset(s->power[s->n_columns], 0, sizeof(s->power[0]));
    }
  }
}

/// Add the power of one channel's last samples to the column
static void
transform(Spectrogram* const s, const float* const sound)
{
  float        frame[SIZE];
  kiss_fft_cpx bins[(SIZE / 2) + 1];
  for (size_t i = 0U; i < SIZE; ++i) {
    frame[i] = sound[i] * s->window[i];
  }

  kiss_fftr(s->transform, frame, bins);
  const float n     = (float)(s->per_column * s->n_channels);
  const float scale = 16.0f / ((float)SIZE * SIZE * n);
  for (size_t i = 0U; i < ROWS * MERGED; ++i) {
    s->power[s->n_columns][i / MERGED] +=
      scale * ((bins[i].r * bins[i].r) + (bins[i].i * bins[i].i)) / MERGED;
  }
}

/// All channels have SIZE samples
static void
end_frame(Spectrogram* const s)
{
  for (uint32_t c = 0U; c < s->n_channels; ++c) {
    float* const sound = s->sound + ((size_t)c * SIZE);
    transform(s, sound);
    memmove(sound, sound + HOP, (SIZE - HOP) * sizeof(float));
  }

  s->fill = SIZE - HOP;
  end_transform(s);
}

void
spectrogram_add(Spectrogram* const s, const float* const frames, const size_t n)
{
  for (size_t i = 0U; i < n; ++i) {
    for (uint32_t c = 0U; c < s->n_channels; ++c) {
      s->sound[(c * (size_t)SIZE) + s->fill] = frames[(i * s->n_channels) + c];
    }
    if (++s->fill == SIZE) {
      end_frame(s);
    }
  }
}

size_t
spectrogram_columns(const Spectrogram* const s)
{
  return s->n_columns;
}

size_t
spectrogram_rows(const Spectrogram* const s)
{
  (void)s;
  return ROWS;
}

double
spectrogram_level(const Spectrogram* const s,
                  const size_t             column,
                  const size_t             row)
{
  return 10.0 * log10((double)s->power[column][row] + 1e-16);
}

double
spectrogram_seconds(const Spectrogram* const s)
{
  return (double)(s->n_columns * s->per_column * HOP) / s->sample_rate;
}

double
spectrogram_top(const Spectrogram* const s)
{
  return s->sample_rate / 2.0;
}
