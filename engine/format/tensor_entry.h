// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file tensor_entry.h

   What the header says about one tensor.
*/

#ifndef GRUS_TENSOR_ENTRY_H
#define GRUS_TENSOR_ENTRY_H

#include "format/tensor.h"
#include "grus/attributes.h"
#include "grus/status.h"

#include <jansson.h>

#include <stdint.h>

/**
   Read dtype, shape and place of a tensor whose name is set.

   Any dtype and shape will do, as long as the data are in the file and as many
   as the shape says: who wants the numbers asks whether they are floats.

   @param data The `data_size` bytes that offsets count from.
*/
GRUS_NODISCARD GrusStatus
grus_tensor_entry_read(GrusTensor*    tensor,
                       const json_t*  entry,
                       const uint8_t* data,
                       uint64_t       data_size,
                       GrusMessage*   message);

#endif // GRUS_TENSOR_ENTRY_H
