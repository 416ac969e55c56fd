// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "frames/front_end.h"

#include "base/arena.h"
#include "kernels/kernels.h"
#include "model/model.h"
#include "network/network.h"

#include <kiss_fftr.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const double pi = 3.14159265358979323846;

struct GrusFramerImpl {
  const GrusModel*   model;
  const GrusKernels* kernels;
  uint32_t           window;
  uint32_t           hop;
  uint32_t           half;         ///< Of the window
  uint32_t           n_bins;       ///< Bins that a network may see
  uint32_t           n_available;  ///< Of these, bins below the host's Nyquist
  uint32_t           n_compressed; ///< Bins that are compressed
  uint32_t           n_parts;      ///< Transforms that one frame's is made of
  float              transform_cost; ///< Of one of these
  kiss_fftr_cfg      forward;        ///< Of one part
  kiss_fftr_cfg      inverse;
  kiss_fft_cpx*      transform; ///< (half + 1)
  kiss_fft_cpx*      parts[2];  ///< (half / 2 + 1) Of even and odd samples
  kiss_fft_cpx*      twiddles;  ///< (half / 2 + 1) exp(-i pi k / half)
  GrusArena          arena;
  float*             analysis_window;  ///< (window)
  float*             synthesis_window; ///< (2 * hop), undoes the FFT's scale
  float*             frame;            ///< (window)
  float*             halves;           ///< (2, half) Even and odd samples
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
grus_framer_supports(const GrusModel* const model, const uint32_t sample_rate)
{
  const uint64_t hop = samples_at(model, model->front_end.hop, sample_rate);
  const uint64_t window =
    samples_at(model, model->front_end.window, sample_rate);
  return hop >= 2U && window <= 2U * GRUS_MAX_WINDOW && !(window % 2U) &&
         has_small_factors(window);
}

static uint32_t
bands_end(const GrusBands* const bands)
{
  return bands->first_bin + bands->n_bins;
}

static uint32_t
max_u32(const uint32_t a, const uint32_t b)
{
  return a > b ? a : b;
}

static uint32_t
min_u32(const uint32_t a, const uint32_t b)
{
  return a < b ? a : b;
}

/// Return the first bin that nothing compresses
static uint32_t
compressed_end(const GrusModel* const model)
{
  uint32_t end = 0U;
  for (uint32_t i = 0U; i < model->n_layers; ++i) {
    if (model->layers[i].type == GRUS_LAYER_SPECTRUM_LINEAR) {
      end = max_u32(end, bands_end(&model->layers[i].u.band.bands));
    }
  }
  if (model->output.mask != GRUS_NO_LAYER) {
    end = max_u32(end, bands_end(&model->output.mask_bands));
  }

  return end;
}

static void
place_arrays(GrusFramer* const framer)
{
  GrusArena* const a        = &framer->arena;
  const size_t     window   = framer->window;
  const size_t     n_masked = framer->model->output.mask_bands.n_bins;

  framer->analysis_window  = grus_arena_take(a, window);
  framer->synthesis_window = grus_arena_take(a, 2U * (size_t)framer->hop);
  framer->frame            = grus_arena_take(a, window);
  framer->halves           = grus_arena_take(a, window);
  framer->re               = grus_arena_take(a, framer->n_bins);
  framer->im               = grus_arena_take(a, framer->n_bins);
  framer->compressed_re    = grus_arena_take(a, framer->n_compressed);
  framer->compressed_im    = grus_arena_take(a, framer->n_compressed);
  framer->feature          = grus_arena_take(a, framer->n_compressed);
  framer->masked_re        = grus_arena_take(a, n_masked);
  framer->masked_im        = grus_arena_take(a, n_masked);
  framer->mask_re          = grus_arena_take(a, n_masked);
  framer->mask_im          = grus_arena_take(a, n_masked);
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
fill_windows(GrusFramer* const framer, const double scale)
{
  const size_t window = framer->window;
  const size_t hop    = framer->hop;
  const size_t rise   = window - hop;

  for (size_t i = 0U; i < window; ++i) {
    const double hann =
      i < rise ? hann_at(i, rise) : hann_at(i - rise + hop, hop);
    framer->analysis_window[i] = (float)(sqrt(hann) * scale);
    if (i + (2U * hop) >= window) {
      const size_t k = i + (2U * hop) - window;
      framer->synthesis_window[k] =
        hann > 0.0
          ? (float)(hann_at(k, hop) / (sqrt(hann) * scale * (double)window))
          : 0.0f;
    }
  }
}

/// Return a transform in memory of ours, whichever allocator kissfft has
static kiss_fftr_cfg
new_transform(const int window, const bool inverse)
{
  size_t size = 0U;
  (void)kiss_fftr_alloc(window, inverse, NULL, &size);

  void* const memory = malloc(size);
  return memory ? kiss_fftr_alloc(window, inverse, memory, &size) : NULL;
}

/**
   Make what transforms need.

   Where half a window is even, a frame's transform is made of those of its even
   and odd samples, so that an even load can be had (Cooley and Tukey 1965).
*/
static bool
make_transforms(GrusFramer* const framer)
{
  const size_t half      = framer->half;
  const size_t part_bins = (half / 2U) + 1U;

  // Measured beside the kernels that multiply weights: kissfft is scalar
  framer->transform_cost =
    (float)(20.0 * (double)half * log2(2.0 * (double)half));

  framer->n_parts  = half % 2U ? 1U : 2U;
  const int length = (int)(framer->window / framer->n_parts);
  framer->forward  = new_transform(length, false);
  framer->inverse  = new_transform(length, true);
  framer->transform =
    (kiss_fft_cpx*)calloc(half + 1U + (3U * part_bins), sizeof(kiss_fft_cpx));
  if (!framer->forward || !framer->inverse || !framer->transform) {
    return false;
  }

  framer->parts[0] = framer->transform + half + 1U;
  framer->parts[1] = framer->parts[0] + part_bins;
  framer->twiddles = framer->parts[1] + part_bins;
  for (size_t k = 0U; k < part_bins; ++k) {
    const double angle    = pi * (double)k / (double)half;
    framer->twiddles[k].r = (float)cos(angle);
    framer->twiddles[k].i = (float)-sin(angle);
  }
  return true;
}

GrusFramer*
grus_framer_new(const GrusModel* const   model,
                const GrusKernels* const kernels,
                const uint32_t           sample_rate)
{
  GrusFramer* const framer = (GrusFramer*)calloc(1U, sizeof(GrusFramer));
  if (!framer) {
    return NULL;
  }

  framer->model   = model;
  framer->kernels = kernels;
  framer->hop = (uint32_t)samples_at(model, model->front_end.hop, sample_rate);
  framer->window =
    (uint32_t)samples_at(model, model->front_end.window, sample_rate);
  framer->half         = framer->window / 2U;
  framer->n_bins       = (model->front_end.window / 2U) + 1U;
  framer->n_compressed = compressed_end(model);
  // At a lower rate, the bin at the host's Nyquist is another one's half
  framer->n_available =
    framer->window < model->front_end.window ? framer->half : framer->n_bins;
  place_arrays(framer);

  if (!make_transforms(framer) || !grus_arena_alloc(&framer->arena)) {
    grus_framer_free(framer);
    return NULL;
  }

  place_arrays(framer);
  fill_windows(framer,
               (double)model->front_end.scale * model->front_end.window /
                 framer->window);
  return framer;
}

void
grus_framer_free(GrusFramer* const framer)
{
  if (framer) {
    free(framer->arena.base);
    free(framer->transform);
    free(framer->inverse);
    free(framer->forward);
    free(framer);
  }
}

uint32_t
grus_framer_hop(const GrusFramer* const framer)
{
  return framer->hop;
}

uint32_t
grus_framer_window(const GrusFramer* const framer)
{
  return framer->window;
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
step_cost(const GrusFramer* const framer, const bool transforms)
{
  return (transforms ? 1.0f : 0.2f) * framer->transform_cost;
}

float
grus_framer_analysis_cost(const GrusFramer* const framer, const uint32_t step)
{
  return step_cost(
    framer, step == ANALYSIS_TRANSFORM || step == ANALYSIS_TRANSFORM_ODD);
}

float
grus_framer_synthesis_cost(const GrusFramer* const framer, const uint32_t step)
{
  return step_cost(
    framer, step == SYNTHESIS_TRANSFORM || step == SYNTHESIS_TRANSFORM_ODD);
}

/// Compress what lies in re and im
static void
compress(GrusFramer* const framer)
{
  const GrusFrontEnd* const f = &framer->model->front_end;
  const float shape[] = {f->power, f->log_floor, f->log_scale, f->log_offset};
  framer->kernels->compress(framer->compressed_re,
                            framer->compressed_im,
                            framer->feature,
                            framer->re,
                            framer->im,
                            shape,
                            grus_pad(framer->n_compressed));
}

/// Window the input and part its even from its odd samples
static void
window_input(GrusFramer* const framer, const float* const input)
{
  framer->kernels->multiply(
    framer->frame, input, framer->analysis_window, grus_pad(framer->window));
  for (size_t i = 0U; framer->n_parts == 2U && i < framer->half; ++i) {
    framer->halves[i]                = framer->frame[2U * i];
    framer->halves[framer->half + i] = framer->frame[(2U * i) + 1U];
  }
}

/// Make the transform of those of its parts
static void
join_parts(GrusFramer* const framer)
{
  const size_t half = framer->half;
  for (size_t k = 0U; k <= half / 2U; ++k) {
    const kiss_fft_cpx w    = framer->twiddles[k];
    const kiss_fft_cpx even = framer->parts[0][k];
    const kiss_fft_cpx odd  = framer->parts[1][k];
    const float        re   = (w.r * odd.r) - (w.i * odd.i);
    const float        im   = (w.r * odd.i) + (w.i * odd.r);

    framer->transform[k].r        = even.r + re;
    framer->transform[k].i        = even.i + im;
    framer->transform[half - k].r = even.r - re;
    framer->transform[half - k].i = im - even.i;
  }
}

/// The other way round, without the factor of a half, which the windows have
static void
separate_parts(GrusFramer* const framer)
{
  const size_t half = framer->half;
  for (size_t k = 0U; k <= half / 2U; ++k) {
    const kiss_fft_cpx w  = framer->twiddles[k];
    const kiss_fft_cpx x  = framer->transform[k];
    const kiss_fft_cpx y  = framer->transform[half - k];
    const float        re = x.r - y.r;
    const float        im = x.i + y.i;

    framer->parts[0][k].r = x.r + y.r;
    framer->parts[0][k].i = x.i - y.i;
    framer->parts[1][k].r = (w.r * re) + (w.i * im);
    framer->parts[1][k].i = (w.r * im) - (w.i * re);
  }
}

/// Take the bins that there are, scaled by the window
static void
take_bins(GrusFramer* const framer)
{
  for (uint32_t i = 0U; i < framer->n_available; ++i) {
    framer->re[i] = framer->transform[i].r;
    framer->im[i] = framer->transform[i].i;
  }
}

void
grus_framer_analyze(GrusFramer* const  framer,
                    const float* const input,
                    const uint32_t     step)
{
  const bool whole = framer->n_parts == 1U;
  switch ((AnalysisStep)step) {
  case ANALYSIS_WINDOW:
    window_input(framer, input);
    break;
  case ANALYSIS_TRANSFORM:
    kiss_fftr(framer->forward,
              whole ? framer->frame : framer->halves,
              whole ? framer->transform : framer->parts[0]);
    break;
  case ANALYSIS_TRANSFORM_ODD:
    if (!whole) {
      kiss_fftr(
        framer->forward, framer->halves + framer->half, framer->parts[1]);
    }
    break;
  case ANALYSIS_JOIN:
    if (!whole) {
      join_parts(framer);
    }
    break;
  case ANALYSIS_COMPRESS:
    take_bins(framer);
    compress(framer);
    break;
  }
}

void
grus_framer_sum_start(GrusFramer* const framer)
{
  memset(framer->re, 0, framer->n_bins * sizeof(float));
  memset(framer->im, 0, framer->n_bins * sizeof(float));
}

void
grus_framer_sum_add(GrusFramer* const       framer,
                    const GrusFramer* const other,
                    const float             weight)
{
  for (uint32_t i = 0U; i < framer->n_bins; ++i) {
    framer->re[i] += other->re[i] * weight;
    framer->im[i] += other->im[i] * weight;
  }
}

void
grus_framer_sum_end(GrusFramer* const framer, const float factor)
{
  for (uint32_t i = 0U; i < framer->n_bins; ++i) {
    framer->re[i] *= factor;
    framer->im[i] *= factor;
  }

  compress(framer);
}

GrusSpectrum
grus_framer_spectrum(const GrusFramer* const framer)
{
  const GrusSpectrum spectrum = {framer->re,
                                 framer->im,
                                 framer->compressed_re,
                                 framer->compressed_im,
                                 framer->feature};
  return spectrum;
}

/// Bring the ragged rows of a mask into the order of the bins
static void
gather_mask(GrusFramer* const framer, const GrusRows rows)
{
  const GrusBands* const bands = &framer->model->output.mask_bands;
  const float*           row   = rows.data;
  size_t                 bin   = 0U;

  for (uint32_t g = 0U; g < bands->n_groups; ++g) {
    const size_t width = bands->groups[g].width;
    for (uint32_t i = 0U; i < bands->groups[g].count; ++i) {
      memcpy(framer->mask_re + bin, row, width * sizeof(float));
      memcpy(framer->mask_im + bin, row + width, width * sizeof(float));
      row += rows.stride;
      bin += width;
    }
  }
}

static void
apply_mask(GrusFramer* const framer, const GrusNetwork* const network)
{
  const GrusOutput* const output = &framer->model->output;
  const size_t            first  = output->mask_bands.first_bin;
  const size_t            n      = output->mask_bands.n_bins;

  gather_mask(framer, grus_network_rows(network, output->mask));
  memcpy(framer->masked_re, framer->compressed_re + first, n * sizeof(float));
  memcpy(framer->masked_im, framer->compressed_im + first, n * sizeof(float));
  framer->kernels->mask_expand(framer->masked_re,
                               framer->masked_im,
                               framer->mask_re,
                               framer->mask_im,
                               framer->model->front_end.power,
                               grus_pad(n));

  const size_t end =
    min_u32(bands_end(&output->mask_bands), framer->n_available);
  for (size_t i = first; i < end; ++i) {
    framer->transform[i].r = framer->masked_re[i - first];
    framer->transform[i].i = framer->masked_im[i - first];
  }
}

static void
apply_gains(GrusFramer* const framer, const GrusNetwork* const network)
{
  const GrusOutput* const output = &framer->model->output;
  const GrusBands* const  bands  = &output->gain_bands;
  const float*            gain = grus_network_rows(network, output->gains).data;
  uint32_t                bin  = bands->first_bin;

  for (uint32_t g = 0U; g < bands->n_groups; ++g) {
    for (uint32_t i = 0U; i < bands->groups[g].count; ++i, ++gain) {
      const uint32_t end =
        min_u32(bin + bands->groups[g].width, framer->n_available);
      for (uint32_t k = bin; k < end; ++k) {
        framer->transform[k].r = framer->re[k] * *gain;
        framer->transform[k].i = framer->im[k] * *gain;
      }
      bin += bands->groups[g].width;
    }
  }
}

/// Replace the transform by what the network leaves of it
static void
apply_output(GrusFramer* const framer, const GrusNetwork* const network)
{
  memset(framer->transform, 0, (framer->half + 1U) * sizeof(kiss_fft_cpx));
  if (framer->model->output.mask != GRUS_NO_LAYER) {
    apply_mask(framer, network);
  }
  if (framer->model->output.gains != GRUS_NO_LAYER) {
    apply_gains(framer, network);
  }
}

/// Bring even and odd samples of the last two hops together and window them
static void
window_result(GrusFramer* const framer, float* const result)
{
  const size_t hop   = framer->hop;
  const size_t half  = framer->half;
  const size_t first = half - hop;
  if (framer->n_parts == 1U) {
    memmove(
      framer->frame, framer->frame + (2U * first), 2U * hop * sizeof(float));
  } else {
    for (size_t i = 0U; i < hop; ++i) {
      framer->frame[2U * i]        = framer->halves[first + i];
      framer->frame[(2U * i) + 1U] = framer->halves[half + first + i];
    }
  }
  framer->kernels->multiply(
    result, framer->frame, framer->synthesis_window, grus_pad(2U * hop));
}

void
grus_framer_synthesize(GrusFramer* const        framer,
                       const GrusNetwork* const network,
                       float* const             result,
                       const uint32_t           step)
{
  const bool whole = framer->n_parts == 1U;
  switch ((SynthesisStep)step) {
  case SYNTHESIS_OUTPUT:
    apply_output(framer, network);
    break;
  case SYNTHESIS_SEPARATE:
    if (!whole) {
      separate_parts(framer);
    }
    break;
  case SYNTHESIS_TRANSFORM:
    kiss_fftri(framer->inverse,
               whole ? framer->transform : framer->parts[0],
               whole ? framer->frame : framer->halves);
    break;
  case SYNTHESIS_TRANSFORM_ODD:
    if (!whole) {
      kiss_fftri(
        framer->inverse, framer->parts[1], framer->halves + framer->half);
    }
    break;
  case SYNTHESIS_WINDOW:
    window_result(framer, result);
    break;
  }
}
