// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file buffer.h

   Bytes that grow, and numbers in them.
*/

#ifndef GRUS_TOOLS_METADATA_BUFFER_H
#define GRUS_TOOLS_METADATA_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Bytes that grow, all zero at the start
typedef struct {
  uint8_t* data; ///< To be freed with buffer_free()
  size_t   size;
  size_t   capacity;
  bool     failed; ///< Without memory: what was added since then is not there
} Buffer;

/// Add `n` bytes, zeros if `data` is null
void
buffer_add(Buffer* buffer, const void* data, size_t n);

/// Add a text, without its end
void
buffer_text(Buffer* buffer, const char* text);

/// Add a number of `n_bytes` bytes, the lowest one first
void
buffer_le(Buffer* buffer, uint64_t value, unsigned n_bytes);

/// Add a number of `n_bytes` bytes, the highest one first
void
buffer_be(Buffer* buffer, uint64_t value, unsigned n_bytes);

/// Free the bytes
void
buffer_free(Buffer* buffer);

/// Return a number of `n_bytes` bytes, the lowest one first
uint64_t
load_le(const uint8_t* p, unsigned n_bytes);

/// Return a number of `n_bytes` bytes, the highest one first
uint64_t
load_be(const uint8_t* p, unsigned n_bytes);

/// Set a number of `n_bytes` bytes, the lowest one first
void
store_le(uint8_t* p, uint64_t value, unsigned n_bytes);

/// Set a number of `n_bytes` bytes, the highest one first
void
store_be(uint8_t* p, uint64_t value, unsigned n_bytes);

#endif // GRUS_TOOLS_METADATA_BUFFER_H
