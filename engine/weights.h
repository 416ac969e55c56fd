// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file weights.h

   Tensors of a file into the order and padding that the kernels read.
*/

#ifndef GRUS_WEIGHTS_H
#define GRUS_WEIGHTS_H

#include "model.h"
#include "safetensors.h"
#include "status.h"

/**
   Pack the weights of a described model, and read its test vector.

   All shapes are checked before the first byte is allocated; what is allocated
   is at most a small multiple of the file.  Every tensor must be used.
*/
GRUS_NODISCARD GrusStatus
grus_weights_read(GrusModel*             model,
                  const GrusSafetensors* file,
                  GrusMessage*           message);

/// Store the packed weights of GRU and linear layers as bf16, in place
void
grus_weights_round(GrusModel* model);

#endif // GRUS_WEIGHTS_H
