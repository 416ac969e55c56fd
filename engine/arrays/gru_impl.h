// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What the files of the arrays API share

#ifndef GRUS_ARRAYS_GRU_IMPL_H
#define GRUS_ARRAYS_GRU_IMPL_H

#include "grus/gru.h"
#include "kernels/kernels.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
   Weights of one layer and direction, laid out for the kernels.

   `hidden` is padded: unit j of gate g is column g * hidden + j.
*/
typedef struct {
  size_t in;             ///< Columns of the input
  char*  input_weights;  ///< (in, 3 * hidden)
  char*  hidden_weights; ///< (n_hidden, 3 * hidden)
  char*  input_bias;     ///< (3 * hidden)
  char*  hidden_bias;    ///< (3 * hidden)
} GrusCell;

struct GrusGruImpl {
  GrusGruConfig      config;
  const GrusKernels* kernels;      ///< Of float32
  size_t             element_size; ///< Bytes of one number
  size_t             n_directions;
  size_t             hidden; ///< Padded hidden_size
  GrusCell*          cells;  ///< (num_layers, n_directions)
  void*              memory; ///< Of all weights
  bool               training;
  uint64_t           random; ///< State of dropout
};

/// Which rows of an array belong to which step
typedef struct {
  size_t         n_steps;
  size_t         batch;
  size_t         n_rows;
  const int64_t* batch_sizes; ///< Null if every step has `batch` rows
} GrusSteps;

/// A checked call of forward()
typedef struct {
  GrusSteps          steps;
  bool               batch_first; ///< Row b * n_steps + t, else t * batch + b
  const GrusGruCall* call;
} GrusGruRun;

/// Run a float32 network; the only error is a lack of memory
GrusStatus
grus_gru_run_f32(GrusGru* gru, const GrusGruRun* run);

/// Run a float64 network
GrusStatus
grus_gru_run_f64(GrusGru* gru, const GrusGruRun* run);

#endif // GRUS_ARRAYS_GRU_IMPL_H
