// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file model.h

   What a model is once it is read: layers in order, their shapes checked
   against each other, their weights packed for the kernels.  Read-only after
   grus_model_parse(); network.c runs it, nothing but model.c makes it.
*/

#ifndef GRUS_MODEL_H
#define GRUS_MODEL_H

#include "grus/grus.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  GRUS_MAX_LAYERS      = 256,    ///< Layers of a model
  GRUS_MAX_BAND_GROUPS = 16,     ///< Groups of equally wide bands
  GRUS_MAX_INPUTS      = 8,      ///< Inputs of a concat layer
  GRUS_MAX_WIDTH       = 8192,   ///< Columns of any layer's output
  GRUS_MAX_ELEMENTS    = 262144, ///< Rows times columns of any layer's output
  GRUS_MAX_WINDOW      = 65536,  ///< Samples of an analysis frame
  GRUS_MAX_OVERLAP     = 64      ///< Hops in a window
};

/// What a layer does; see FORMAT.md for each one's fields
typedef enum {
  GRUS_LAYER_SPECTRUM_LINEAR, ///< Own linear for each band, from the spectrum
  GRUS_LAYER_BAND_ENERGY,     ///< Logarithmic energy of bands, one row
  GRUS_LAYER_BAND_LINEAR,     ///< Own linear for each row, ragged outputs
  GRUS_LAYER_LINEAR,          ///< The same linear for each row
  GRUS_LAYER_GRU,             ///< Over time, or over the rows of one step
  GRUS_LAYER_LAYER_NORM,      ///< Over the columns of each row
  GRUS_LAYER_ACTIVATION,      ///< Element by element
  GRUS_LAYER_FLATTEN,         ///< All rows into one, row after row
  GRUS_LAYER_CONCAT,          ///< Columns of several layers side by side
} GrusLayerType;

/// Function of an activation layer
typedef enum {
  GRUS_ACTIVATION_SIGMOID,
  GRUS_ACTIVATION_TANH,
  GRUS_ACTIVATION_RELU,
} GrusActivation;

/// `count` bands of `width` bins each
typedef struct {
  uint32_t count;
  uint32_t width;
} GrusBandGroup;

/// Bands side by side from `first_bin` upwards
typedef struct {
  uint32_t      first_bin;
  uint32_t      n_groups;
  GrusBandGroup groups[GRUS_MAX_BAND_GROUPS];
  uint32_t      n_bands; ///< Sum of the counts
  uint32_t      n_bins;  ///< Sum of count times width
} GrusBands;

/// Input of a layer that is the front end's spectrum or samples
#define GRUS_INPUT_FRONT_END UINT32_MAX

/// No layer, for an `add` that is not there
#define GRUS_NO_LAYER UINT32_MAX

/// Weights of one GRU layer, both directions if it has two
typedef struct {
  /// (in, directions * 3 * padded hidden): every direction's gates r, z, n
  const float* input_weights;
  const float* input_bias; ///< (directions * 3 * padded hidden)
  /// One (hidden, 3 * padded hidden) matrix for each direction
  const float* hidden_weights;
  const float* hidden_bias;    ///< (directions * 3 * padded hidden)
  uint32_t     in;             ///< Columns of its input
  GrusStorage  input_storage;  ///< How input_weights are packed
  GrusStorage  hidden_storage; ///< How hidden_weights are packed
} GrusGruWeights;

enum { GRUS_MAX_GRU_LAYERS = 16 };

/// One layer of a network
typedef struct {
  GrusLayerType type;
  char*         name;
  char*         tensors; ///< Prefix of its tensors' names, null for none
  uint32_t      input;   ///< Index of the layer read, or front end
  uint32_t      add;     ///< Index of a layer added to the result, or none
  uint32_t      n_rows;  ///< Rows of the output (bands), 1 without bands
  uint32_t      n_cols;  ///< Columns of the output, unpadded; widest if ragged

  /// Weights, as each type needs them
  union {
    /// SPECTRUM_LINEAR and BAND_LINEAR: a matrix (in, padded out) and a bias
    /// (padded out) for each band, band after band, group after group.
    /// SPECTRUM_LINEAR: in = 3 * width (re, im, feature); out = n_cols.
    /// BAND_LINEAR: in = columns of its input; out = 2 * width: real, imag.
    struct {
      GrusBands    bands;
      const float* weights;
      const float* bias;
      uint32_t     in; ///< BAND_LINEAR only
    } band;

    /// LINEAR: (in, padded out) and (padded out), zero bias if it has none;
    /// a single output has weights (in) without padding
    struct {
      const float* weights;
      const float* bias;
      uint32_t     in;
      bool         has_bias;
      GrusStorage  storage; ///< How the weights are packed
    } linear;

    struct {
      bool           over_bands; ///< Over the rows of a step, else over time
      bool           bidirectional;
      bool           has_bias;
      uint32_t       hidden;   ///< Unpadded
      uint32_t       n_layers; ///< Stacked, as nn.GRU's num_layers
      GrusGruWeights layers[GRUS_MAX_GRU_LAYERS];
    } gru;

    struct {
      const float* gain; ///< (padded size)
      const float* bias; ///< (padded size)
      float        eps;
    } norm;

    struct {
      GrusBands bands;
    } energy;

    struct {
      GrusActivation function;
    } activation;

    struct {
      uint32_t n_inputs;
      uint32_t inputs[GRUS_MAX_INPUTS];
    } concat;
  } u;
} GrusLayer;

/// Front end of a frame network: what an analysis frame is
typedef struct {
  uint32_t window; ///< Samples, even
  uint32_t hop;    ///< Samples, at most half the window
  float    scale;  ///< Multiplies the spectrum
  float    power;  ///< Of the compressed spectrum's magnitude
  float    log_floor;
  float    log_scale;
  float    log_offset;
} GrusFrontEnd;

/// What a network's result is
typedef struct {
  uint32_t  mask;  ///< Layer with the complex mask, or none
  uint32_t  gains; ///< Layer with a gain for each band, or none
  GrusBands mask_bands;
  GrusBands gain_bands;
  uint32_t  activity; ///< Layer whose first element is voice activity, or none
  bool      skip;     ///< Sample networks: add the input to the output
} GrusOutput;

enum { GRUS_N_TEXTS = 4 }; ///< Name, author, licence, description

struct GrusModelImpl {
  GrusModelInfo info;
  GrusFrontEnd  front_end; ///< Frame networks only
  GrusOutput    output;
  uint32_t      n_layers;
  GrusLayer*    layers;
  float*        arena;               ///< All weights, aligned to 64 bytes
  char*         texts[GRUS_N_TEXTS]; ///< What info refers to
  char*         test_input_name;     ///< Tensor, null without a self-test
  char*         test_output_name;    ///< Tensor, null without a self-test
  float*        test_input;  ///< Test vector, dropped after the self-test
  float*        test_output; ///< Test vector, dropped after the self-test
};

/// Return the name of a layer type as model files write it
const char*
grus_layer_type_name(GrusLayerType type);

/// Set what info says of the whole network, once its layers are known
void
grus_model_sum_up(GrusModel* model);

#endif // GRUS_MODEL_H
