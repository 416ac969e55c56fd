// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "layers.h"

#include "kernels.h"
#include "model.h"
#include "network.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

void
grus_run_spectrum_linear(const GrusLayerCall* const call,
                         const GrusSpectrum* const  spectrum,
                         float* const               gathered)
{
  const GrusBands* const bands = &call->layer->u.band.bands;
  const float*           w     = call->layer->u.band.weights;
  const float*           b     = call->layer->u.band.bias;
  float*                 y     = call->y;
  const size_t           out   = call->y_stride;
  size_t                 bin   = bands->first_bin;

  for (uint32_t g = 0U; g < bands->n_groups; ++g) {
    const size_t width = bands->groups[g].width;
    const size_t size  = width * sizeof(float);
    for (uint32_t i = 0U; i < bands->groups[g].count; ++i) {
      memcpy(gathered, spectrum->compressed_re + bin, size);
      memcpy(gathered + width, spectrum->compressed_im + bin, size);
      memcpy(gathered + (2U * width), spectrum->feature + bin, size);
      call->kernels->linear(y, out, w, b, gathered, 0U, 1U, 3U * width, out);
      w += 3U * width * out;
      b += out;
      y += out;
      bin += width;
    }
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
  const GrusBands* const bands = &call->layer->u.band.bands;
  const size_t           in    = call->layer->u.band.in;
  const float*           w     = call->layer->u.band.weights;
  const float*           b     = call->layer->u.band.bias;
  const float*           x     = call->x;
  float*                 y     = call->y;

  for (uint32_t g = 0U; g < bands->n_groups; ++g) {
    const size_t out = grus_pad(2U * (size_t)bands->groups[g].width);
    for (uint32_t i = 0U; i < bands->groups[g].count; ++i) {
      call->kernels->linear(y, out, w, b, x, 0U, 1U, in, out);
      w += in * out;
      b += out;
      x += call->x_stride;
      y += call->y_stride;
    }
  }
}

void
grus_run_linear(const GrusLayerCall* const call)
{
  call->kernels->linear(call->y,
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
