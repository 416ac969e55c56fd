// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "stft/stft.h"

#include "base/arena.h"
#include "kernels/kernels.h"
#include "model/model.h"
#include "network/spectrum.h"
#include "stft/instance.h"
#include "stft/mask.h"
#include "stft/transform.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const double pi = 3.14159265358979323846;

/// Return whether kissfft transforms `n` samples without allocating
static bool
has_small_factors(uint64_t n)
{
  for (uint64_t p = 2U; p <= 5U; ++p) {
    while (n && !(n % p)) {
      n /= p;
    }
  }

  return n == 1U;
}

/// Return `samples` of the model's rate at another rate, or 0 if not whole
static uint64_t
samples_at(const GrusModel* const model,
           const uint32_t         samples,
           const uint32_t         sample_rate)
{
  const uint64_t product = (uint64_t)samples * sample_rate;
  return product % model->info.sample_rate ? 0U
                                           : product / model->info.sample_rate;
}

bool
grus_stft_supports(const GrusModel* const model, const uint32_t sample_rate)
{
  const uint64_t hop = samples_at(model, model->front_end.hop, sample_rate);
  const uint64_t window =
    samples_at(model, model->front_end.window, sample_rate);
  return hop >= 2U && window <= 2U * GRUS_MAX_WINDOW && !(window % 2U) &&
         has_small_factors(window);
}

static uint32_t
max_u32(const uint32_t a, const uint32_t b)
{
  return a > b ? a : b;
}

/// Return the first bin that nothing compresses
static uint32_t
compressed_end(const GrusModel* const model)
{
  uint32_t end = 0U;
  for (uint32_t i = 0U; i < model->n_layers; ++i) {
    if (model->layers[i].type == GRUS_LAYER_SPECTRUM_LINEAR) {
      end = max_u32(end, grus_bands_end(&model->layers[i].u.band.bands));
    }
  }
  if (model->output.mask != GRUS_NO_LAYER) {
    end = max_u32(end, grus_bands_end(&model->output.mask_bands));
  }

  return end;
}

static void
place_arrays(GrusStft* const stft)
{
  GrusArena* const a        = &stft->arena;
  const size_t     window   = stft->window;
  const size_t     n_masked = stft->model->output.mask_bands.n_bins;

  stft->analysis_window  = grus_arena_take(a, window);
  stft->synthesis_window = grus_arena_take(a, 2U * (size_t)stft->hop);
  grus_transform_place(&stft->transform, a);
  stft->re            = grus_arena_take(a, stft->n_bins);
  stft->im            = grus_arena_take(a, stft->n_bins);
  stft->compressed_re = grus_arena_take(a, stft->n_compressed);
  stft->compressed_im = grus_arena_take(a, stft->n_compressed);
  stft->feature       = grus_arena_take(a, stft->n_compressed);
  stft->masked_re     = grus_arena_take(a, n_masked);
  stft->masked_im     = grus_arena_take(a, n_masked);
  stft->mask_re       = grus_arena_take(a, n_masked);
  stft->mask_im       = grus_arena_take(a, n_masked);
}

/// A Hann window that rises and falls in `half` samples each
static double
hann_at(const size_t i, const size_t half)
{
  return 0.5 - (0.5 * cos(pi * (double)i / (double)half));
}

/**
   The analysis window is the root of a Hann window that falls in the last hop
   and rises in all that is before.  The synthesis window makes a Hann window
   of the end of it, the last two hops.  Where a hop is half a window both are
   the root of a Hann window; longer ones have a finer spectrum at the same
   delay (D. Mauler and R. Martin, EUSIPCO 2007).

   The spectrum's scale goes into one window, its inverse into the other.
*/
static void
fill_windows(GrusStft* const stft, const double scale)
{
  const size_t window = stft->window;
  const size_t hop    = stft->hop;
  const size_t rise   = window - hop;

  for (size_t i = 0U; i < window; ++i) {
    const double hann =
      i < rise ? hann_at(i, rise) : hann_at(i - rise + hop, hop);
    stft->analysis_window[i] = (float)(sqrt(hann) * scale);
    if (i + (2U * hop) >= window) {
      const size_t k = i + (2U * hop) - window;
      stft->synthesis_window[k] =
        hann > 0.0
          ? (float)(hann_at(k, hop) / (sqrt(hann) * scale * (double)window))
          : 0.0f;
    }
  }
}

GrusStft*
grus_stft_new(const GrusModel* const   model,
              const GrusKernels* const kernels,
              const uint32_t           sample_rate)
{
  GrusStft* const stft = (GrusStft*)calloc(1U, sizeof(GrusStft));
  if (!stft) {
    return NULL;
  }

  stft->model   = model;
  stft->kernels = kernels;
  stft->hop = (uint32_t)samples_at(model, model->front_end.hop, sample_rate);
  stft->window =
    (uint32_t)samples_at(model, model->front_end.window, sample_rate);
  stft->half         = stft->window / 2U;
  stft->n_bins       = (model->front_end.window / 2U) + 1U;
  stft->n_compressed = compressed_end(model);
  // At a lower rate, the bin at the host's Nyquist is another one's half
  stft->n_available =
    stft->window < model->front_end.window ? stft->half : stft->n_bins;
  if (!grus_transform_init(&stft->transform, stft->window)) {
    grus_stft_free(stft);
    return NULL;
  }

  place_arrays(stft);
  if (!grus_arena_alloc(&stft->arena)) {
    grus_stft_free(stft);
    return NULL;
  }

  place_arrays(stft);
  fill_windows(stft,
               (double)model->front_end.scale * model->front_end.window /
                 stft->window);
  return stft;
}

void
grus_stft_free(GrusStft* const stft)
{
  if (stft) {
    free(stft->arena.base);
    grus_transform_free(&stft->transform);
    free(stft);
  }
}

uint32_t
grus_stft_hop(const GrusStft* const stft)
{
  return stft->hop;
}

uint32_t
grus_stft_window(const GrusStft* const stft)
{
  return stft->window;
}

/// What a step does
typedef enum {
  ANALYSIS_WINDOW,
  ANALYSIS_TRANSFORM,
  ANALYSIS_TRANSFORM_ODD,
  ANALYSIS_JOIN,
  ANALYSIS_COMPRESS,
} AnalysisStep;

/// Likewise
typedef enum {
  SYNTHESIS_OUTPUT,
  SYNTHESIS_SEPARATE,
  SYNTHESIS_TRANSFORM,
  SYNTHESIS_TRANSFORM_ODD,
  SYNTHESIS_WINDOW,
} SynthesisStep;

/// A step that does not transform takes a fifth of one that does
static float
step_cost(const GrusStft* const stft, const bool transforms)
{
  return (transforms ? 1.0f : 0.2f) * stft->transform.cost;
}

float
grus_stft_analysis_cost(const GrusStft* const stft, const uint32_t step)
{
  return step_cost(
    stft, step == ANALYSIS_TRANSFORM || step == ANALYSIS_TRANSFORM_ODD);
}

float
grus_stft_synthesis_cost(const GrusStft* const stft, const uint32_t step)
{
  return step_cost(
    stft, step == SYNTHESIS_TRANSFORM || step == SYNTHESIS_TRANSFORM_ODD);
}

/// Compress what lies in re and im
static void
compress(GrusStft* const stft)
{
  const GrusFrontEnd* const f = &stft->model->front_end;
  const float shape[] = {f->power, f->log_floor, f->log_scale, f->log_offset};
  stft->kernels->compress(stft->compressed_re,
                          stft->compressed_im,
                          stft->feature,
                          stft->re,
                          stft->im,
                          shape,
                          grus_pad(stft->n_compressed));
}

/// Take the bins that there are, scaled by the window
static void
take_bins(GrusStft* const stft)
{
  for (uint32_t i = 0U; i < stft->n_available; ++i) {
    stft->re[i] = stft->transform.bins[i].r;
    stft->im[i] = stft->transform.bins[i].i;
  }
}

void
grus_stft_analyze(GrusStft* const    stft,
                  const float* const input,
                  const uint32_t     step)
{
  GrusTransform* const transform = &stft->transform;
  switch ((AnalysisStep)step) {
  case ANALYSIS_WINDOW:
    stft->kernels->multiply(
      transform->frame, input, stft->analysis_window, grus_pad(stft->window));
    grus_transform_split(transform);
    break;
  case ANALYSIS_TRANSFORM:
    grus_transform_forward(transform, 0U);
    break;
  case ANALYSIS_TRANSFORM_ODD:
    grus_transform_forward(transform, 1U);
    break;
  case ANALYSIS_JOIN:
    grus_transform_join(transform);
    break;
  case ANALYSIS_COMPRESS:
    take_bins(stft);
    compress(stft);
    break;
  }
}

void
grus_stft_sum_start(GrusStft* const stft)
{
  memset(stft->re, 0, stft->n_bins * sizeof(float));
  memset(stft->im, 0, stft->n_bins * sizeof(float));
}

void
grus_stft_sum_add(GrusStft* const       stft,
                  const GrusStft* const other,
                  const float           weight)
{
  for (uint32_t i = 0U; i < stft->n_bins; ++i) {
    stft->re[i] += other->re[i] * weight;
    stft->im[i] += other->im[i] * weight;
  }
}

void
grus_stft_sum_end(GrusStft* const stft, const float factor)
{
  for (uint32_t i = 0U; i < stft->n_bins; ++i) {
    stft->re[i] *= factor;
    stft->im[i] *= factor;
  }

  compress(stft);
}

GrusSpectrum
grus_stft_spectrum(const GrusStft* const stft)
{
  const GrusSpectrum spectrum = {stft->re,
                                 stft->im,
                                 stft->compressed_re,
                                 stft->compressed_im,
                                 stft->feature};
  return spectrum;
}

void
grus_stft_synthesize(GrusStft* const           stft,
                     const GrusMaskRows* const rows,
                     float* const              result,
                     const uint32_t            step)
{
  GrusTransform* const transform = &stft->transform;
  const size_t         hop       = stft->hop;
  switch ((SynthesisStep)step) {
  case SYNTHESIS_OUTPUT:
    grus_stft_apply_mask(stft, rows);
    break;
  case SYNTHESIS_SEPARATE:
    grus_transform_separate(transform);
    break;
  case SYNTHESIS_TRANSFORM:
    grus_transform_inverse(transform, 0U);
    break;
  case SYNTHESIS_TRANSFORM_ODD:
    grus_transform_inverse(transform, 1U);
    break;
  case SYNTHESIS_WINDOW:
    grus_transform_interleave(transform, hop);
    stft->kernels->multiply(
      result, transform->frame, stft->synthesis_window, grus_pad(2U * hop));
    break;
  }
}
