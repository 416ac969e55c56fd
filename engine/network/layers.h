// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file layers.h

   What each layer computes, as plain functions of their arguments.  Their
   formulas are those of the PyTorch modules of the same name.
*/

#ifndef GRUS_LAYERS_H
#define GRUS_LAYERS_H

#include "grus/attributes.h"
#include "kernels/kernels.h"
#include "model/model.h"
#include "network/spectrum.h"

#include <stddef.h>

/// One layer, its input and where its result goes
typedef struct {
  const GrusKernels* kernels;
  const GrusLayer*   layer;
  const float*       x; ///< (n_rows, x_stride)
  size_t             x_stride;
  size_t             n_rows; ///< Rows of the input
  float*             y;      ///< (rows, y_stride), may not alias x
  size_t             y_stride;
  uint32_t           first_band; ///< Which band is the first row of y
  uint32_t           n_bands;    ///< Bands that layers over bands compute
} GrusLayerCall;

/// Scratch of a GRU layer, sized for its rows
typedef struct {
  float* input_part;  ///< (n_rows, directions * 3 * padded hidden)
  float* hidden_part; ///< (n_rows or 2, directions * 3 * padded hidden)
  float* between[2];  ///< (n_rows, padded directions * hidden)
  float* hidden;      ///< (directions * padded hidden)
} GrusGruScratch;

/// Return the kernel for a linear layer whose weights are stored in this way
static inline GrusLinear
grus_linear_for(const GrusKernels* const kernels, const GrusStorage storage)
{
  return storage == GRUS_STORAGE_INT8   ? kernels->linear_int8
         : storage == GRUS_STORAGE_BF16 ? kernels->linear_bf16
                                        : kernels->linear;
}

/// Own linear for each band; `gathered` takes 3 * the widest band
GRUS_REALTIME void
grus_run_spectrum_linear(const GrusLayerCall* call,
                         const GrusSpectrum*  spectrum,
                         float*               gathered);

/// Logarithm of the mean power of each band
GRUS_REALTIME void
grus_run_band_energy(const GrusLayerCall* call,
                     const GrusSpectrum*  spectrum,
                     const GrusFrontEnd*  front_end);

/// Own linear for each row, as wide as the row's band needs
GRUS_REALTIME void
grus_run_band_linear(const GrusLayerCall* call);

/// The same linear for each row (torch.nn.Linear)
GRUS_REALTIME void
grus_run_linear(const GrusLayerCall* call);

/// Normalize each row, then add `add` (null is allowed) (torch.nn.LayerNorm)
GRUS_REALTIME void
grus_run_layer_norm(const GrusLayerCall* call, const float* add);

/// Apply a function to each element
GRUS_REALTIME void
grus_run_activation(const GrusLayerCall* call);

/// Copy all rows into one
GRUS_REALTIME void
grus_run_flatten(const GrusLayerCall* call, size_t n_cols);

/// What of a GRU over rows is to be run
typedef enum {
  GRUS_GRU_WHOLE,
  GRUS_GRU_INPUT,      ///< What does not depend on the rows before
  GRUS_GRU_RECURRENCE, ///< The rest
} GrusGruPart;

/// A GRU from row to row, starting at zero (torch.nn.GRU); in parts only where
/// nothing is stacked
GRUS_REALTIME void
grus_run_gru_over_rows(const GrusLayerCall*  call,
                       const GrusGruScratch* scratch,
                       GrusGruPart           part);

/// A GRU from row to row, carrying `state` (n_layers, padded hidden) on
GRUS_REALTIME void
grus_run_gru_over_samples(const GrusLayerCall*  call,
                          const GrusGruScratch* scratch,
                          float*                state);

/// As grus_run_gru_over_samples(), for two streams whose rows follow one
/// another, half of n_rows each
GRUS_REALTIME void
grus_run_gru_over_pair(const GrusLayerCall*  call,
                       const GrusGruScratch* scratch,
                       float* const*         states);

/// One step of a GRU cell for each row, carrying `state`
/// (n_layers, n_rows, padded hidden) on
GRUS_REALTIME void
grus_run_gru_step(const GrusLayerCall*  call,
                  const GrusGruScratch* scratch,
                  float*                state);

#endif // GRUS_LAYERS_H
