// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file weights.h

   Tensors of a file into the order and padding that the kernels read.
*/

#ifndef GRUS_WEIGHTS_H
#define GRUS_WEIGHTS_H

#include "format/safetensors.h"
#include "grus/grus.h"
#include "grus/status.h"
#include "model/model.h"

#include <stddef.h>

/**
   Pack the weights of a described model, and read its test vector.

   All shapes are checked before the first byte is allocated; what is allocated
   is at most `most_bytes`.  Every tensor must be used.
*/
GRUS_NODISCARD GrusStatus
grus_weights_read(GrusModel*             model,
                  const GrusSafetensors* file,
                  size_t                 most_bytes,
                  GrusMessage*           message);

/// Store the packed weights of GRU and linear layers otherwise, in place
void
grus_weights_round(GrusModel* model, GrusStorage storage);

/**
   Return how a matrix with `in` inputs is stored if `storage` is wanted: as
   int8 only if reading it takes longer than rounding its inputs.
*/
GrusStorage
grus_storage_for(size_t in, GrusStorage storage);

/**
   Round a packed matrix in place.

   @param w (in, out)
   @return How it is stored now
*/
GrusStorage
grus_weights_round_matrix(float* w, size_t in, size_t out, GrusStorage storage);

#endif // GRUS_WEIGHTS_H
