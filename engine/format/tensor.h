// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file tensor.h

   One tensor of a file, and the numbers in it.
*/

#ifndef GRUS_TENSOR_H
#define GRUS_TENSOR_H

#include "grus/attributes.h"
#include "grus/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GRUS_MAX_DIMS = 4 };

/// Number format of a tensor
typedef enum {
  GRUS_DTYPE_F32,
  GRUS_DTYPE_F16,
  GRUS_DTYPE_BF16,
  GRUS_DTYPE_F64,
  GRUS_DTYPE_OTHER, ///< One that nobody reads: of whole numbers, of 8 bits
} GrusDtype;

/// One tensor of a file
typedef struct {
  const char*    name; ///< Owned by the file's tables
  GrusDtype      dtype;
  const char*    dtype_name;           ///< As the file has it
  uint32_t       n_dims;               ///< May be more than GRUS_MAX_DIMS
  uint64_t       shape[GRUS_MAX_DIMS]; ///< The first of them
  uint64_t       n_elements;
  uint64_t       offset; ///< Bytes from the start of the data
  uint64_t       size;   ///< Bytes
  const uint8_t* data;   ///< In the caller's memory, not aligned
  bool           used;   ///< Whether somebody asked for it
} GrusTensor;

/// Return the bytes of one number, 0 for GRUS_DTYPE_OTHER
unsigned
grus_dtype_size(GrusDtype dtype);

/// Refuse a tensor whose numbers cannot be read
GRUS_NODISCARD GrusStatus
grus_tensor_check_floats(const GrusTensor* tensor, GrusMessage* message);

/**
   Read elements `first` to `first + n` of a tensor as floats, which
   grus_tensor_check_floats() has found it to hold.

   @return False if one of them is not finite as a float.
*/
bool
grus_tensor_read(const GrusTensor* tensor,
                 uint64_t          first,
                 size_t            n,
                 float*            out);

/// As grus_tensor_read(), as doubles
bool
grus_tensor_read_f64(const GrusTensor* tensor,
                     uint64_t          first,
                     size_t            n,
                     double*           out);

#endif // GRUS_TENSOR_H
