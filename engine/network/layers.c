// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "network/layers.h"

#include "kernels/kernels.h"
#include "model/model.h"
#include "network/spectrum.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// One band of a layer that has weights of its own for each
typedef struct {
  size_t bin;            ///< Its first
  size_t width;          ///< Bins
  size_t weights_offset; ///< Floats from the first band's weights
  size_t bias_offset;    ///< Floats from the first band's bias
} BandPlace;

/// Padded outputs of a band, for layers with weights of their own for each
static size_t
band_outputs(const GrusLayer* const layer, const size_t width)
{
  return grus_pad(layer->type == GRUS_LAYER_BAND_LINEAR ? 2U * width
                                                        : layer->n_cols);
}

/// Inputs of a band, likewise
static size_t
band_inputs(const GrusLayer* const layer, const size_t width)
{
  return layer->type == GRUS_LAYER_BAND_LINEAR ? layer->u.band.in : 3U * width;
}

static BandPlace
find_band(const GrusLayer* const layer, const uint32_t band)
{
  const GrusBands* const bands = &layer->u.band.bands;
  BandPlace              place = {bands->first_bin, 0U, 0U, 0U};
  uint32_t               left  = band;

  for (uint32_t g = 0U; g < bands->n_groups; ++g) {
    const uint32_t count = bands->groups[g].count;
    const uint32_t n     = left < count ? left : count;
    place.width          = bands->groups[g].width;

    const size_t out = band_outputs(layer, place.width);
    place.bin += n * place.width;
    place.bias_offset += n * out;
    place.weights_offset += n * out * band_inputs(layer, place.width);
    left -= n;
    if (n < count) {
      break;
    }
  }

  return place;
}

void
grus_run_spectrum_linear(const GrusLayerCall* const call,
                         const GrusSpectrum* const  spectrum,
                         float* const               gathered)
{
  for (uint32_t i = 0U; i < call->n_bands; ++i) {
    const BandPlace band  = find_band(call->layer, call->first_band + i);
    const size_t    width = band.width;
    const size_t    size  = width * sizeof(float);

    memcpy(gathered, spectrum->compressed_re + band.bin, size);
    memcpy(gathered + width, spectrum->compressed_im + band.bin, size);
    memcpy(gathered + (2U * width), spectrum->feature + band.bin, size);
    call->kernels->linear(call->y + (i * call->y_stride),
                          call->y_stride,
                          call->layer->u.band.weights + band.weights_offset,
                          call->layer->u.band.bias + band.bias_offset,
                          gathered,
                          0U,
                          1U,
                          3U * width,
                          call->y_stride);
  }
}

static float
mean_power(const GrusSpectrum* const spectrum,
           const size_t              first_bin,
           const size_t              width)
{
  float sum = 0.0f;
  for (size_t i = first_bin; i < first_bin + width; ++i) {
    sum +=
      (spectrum->re[i] * spectrum->re[i]) + (spectrum->im[i] * spectrum->im[i]);
  }

  return sum / (float)width;
}

void
grus_run_band_energy(const GrusLayerCall* const call,
                     const GrusSpectrum* const  spectrum,
                     const GrusFrontEnd* const  front_end)
{
  const GrusBands* const bands = &call->layer->u.energy.bands;
  float*                 y     = call->y;
  size_t                 bin   = bands->first_bin;

  for (uint32_t g = 0U; g < bands->n_groups; ++g) {
    const size_t width = bands->groups[g].width;
    for (uint32_t i = 0U; i < bands->groups[g].count; ++i) {
      const float l = logf(mean_power(spectrum, bin, width) + 1e-12f);
      *y++          = (fmaxf(l, front_end->log_floor) * front_end->log_scale) +
             front_end->log_offset;
      bin += width;
    }
  }
}

void
grus_run_band_linear(const GrusLayerCall* const call)
{
  for (uint32_t i = 0U; i < call->n_bands; ++i) {
    const BandPlace band = find_band(call->layer, call->first_band + i);
    const size_t    out  = band_outputs(call->layer, band.width);

    call->kernels->linear(call->y + (i * call->y_stride),
                          out,
                          call->layer->u.band.weights + band.weights_offset,
                          call->layer->u.band.bias + band.bias_offset,
                          call->x + (i * call->x_stride),
                          0U,
                          1U,
                          call->layer->u.band.in,
                          out);
  }
}

void
grus_run_linear(const GrusLayerCall* const call)
{
  const GrusKernels* const kernels = call->kernels;
  if (call->layer->n_cols == 1U) {
    kernels->dot(call->y,
                 call->y_stride,
                 call->layer->u.linear.weights,
                 call->layer->u.linear.bias,
                 call->x,
                 call->x_stride,
                 call->n_rows,
                 call->layer->u.linear.in);
    return;
  }

  grus_linear_for(kernels,
                  call->layer->u.linear.storage)(call->y,
                                                 call->y_stride,
                                                 call->layer->u.linear.weights,
                                                 call->layer->u.linear.bias,
                                                 call->x,
                                                 call->x_stride,
                                                 call->n_rows,
                                                 call->layer->u.linear.in,
                                                 call->y_stride);
}

void
grus_run_layer_norm(const GrusLayerCall* const call, const float* const add)
{
  call->kernels->layer_norm(call->y,
                            call->x,
                            call->layer->u.norm.gain,
                            call->layer->u.norm.bias,
                            add,
                            call->y_stride,
                            call->n_rows,
                            call->layer->n_cols,
                            call->layer->u.norm.eps);
}

void
grus_run_activation(const GrusLayerCall* const call)
{
  const size_t n = call->n_rows * call->y_stride;

  memcpy(call->y, call->x, n * sizeof(float));
  switch (call->layer->u.activation.function) {
  case GRUS_ACTIVATION_SIGMOID:
    call->kernels->sigmoid(call->y, n);
    return;
  case GRUS_ACTIVATION_TANH:
    call->kernels->tanh(call->y, n);
    return;
  case GRUS_ACTIVATION_RELU:
    for (size_t i = 0U; i < n; ++i) {
      call->y[i] = fmaxf(call->y[i], 0.0f);
    }
    return;
  }
}

void
grus_run_flatten(const GrusLayerCall* const call, const size_t n_cols)
{
  for (size_t i = 0U; i < call->n_rows; ++i) {
    memcpy(call->y + (i * n_cols),
           call->x + (i * call->x_stride),
           n_cols * sizeof(float));
  }
}
