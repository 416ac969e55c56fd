// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file safetensors.h

   The container of a model: named tensors and one text, in memory.

   Nothing in a file is believed before it is checked: every tensor lies within
   the data, none overlaps another, and together they are all of it.  Tensors of
   any kind may be there; numbers are read out of those that hold floats.  Where
   the metadata have a checksum, it is that of the data.
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

/// Return what a session knows the file by, as in checksum.h
uint64_t
grus_safetensors_identity(const GrusSafetensors* file);

/// Return the tensor called `name` and mark it as used, or null
GrusTensor*
grus_safetensors_find(const GrusSafetensors* file, const char* name);

/// Return a tensor that nobody asked for, or null
const GrusTensor*
grus_safetensors_unused(const GrusSafetensors* file);

/// Return the tensor at `index` in the data, or null beyond the last
const GrusTensor*
grus_safetensors_tensor(const GrusSafetensors* file, size_t index);

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

#endif // GRUS_SAFETENSORS_H
