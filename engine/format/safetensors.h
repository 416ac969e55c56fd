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

#include "format/tensor.h"
#include "grus/attributes.h"
#include "grus/status.h"

#include <stddef.h>
#include <stdint.h>

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

#endif // GRUS_SAFETENSORS_H
