// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file safetensors.h

   The container of a model: named tensors and one text, in memory.

   Nothing in a file is believed before it is checked: every tensor lies within
   the data, none overlaps another, and together they are all of it.
   https://github.com/huggingface/safetensors#format
*/

#ifndef GRUS_SAFETENSORS_H
#define GRUS_SAFETENSORS_H

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
} GrusDtype;

/// One tensor of a file
typedef struct {
  const char*    name; ///< Owned by the file's tables
  GrusDtype      dtype;
  uint32_t       n_dims;
  uint64_t       shape[GRUS_MAX_DIMS];
  uint64_t       n_elements;
  uint64_t       offset; ///< Bytes from the start of the data
  uint64_t       size;   ///< Bytes
  const uint8_t* data;   ///< In the caller's memory, not aligned
  bool           used;   ///< Whether somebody asked for it
} GrusTensor;

/// An opened file, which refers to the caller's memory
typedef struct GrusSafetensorsImpl GrusSafetensors;

/**
   Check a whole file and return its tables, to be freed with
   grus_safetensors_close().

   @param data Must outlive the tables.
*/
GRUS_NODISCARD GrusStatus
grus_safetensors_open(const void*       data,
                      size_t            size,
                      GrusSafetensors** file,
                      GrusMessage*      message);

/// Free `file` (null is allowed)
void
grus_safetensors_close(GrusSafetensors* file);

/// Return the metadata under `key`, or null
const char*
grus_safetensors_metadata(const GrusSafetensors* file, const char* key);

/// Return the tensor called `name` and mark it as used, or null
GrusTensor*
grus_safetensors_find(const GrusSafetensors* file, const char* name);

/// Return a tensor that nobody asked for, or null
const GrusTensor*
grus_safetensors_unused(const GrusSafetensors* file);

/// Return the tensor at `index` in the data, or null beyond the last
const GrusTensor*
grus_safetensors_tensor(const GrusSafetensors* file, size_t index);

/**
   Read elements `first` to `first + n` of a tensor as floats.

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

#endif // GRUS_SAFETENSORS_H
