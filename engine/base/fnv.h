// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_FNV_H
#define GRUS_FNV_H

#include <stddef.h>
#include <stdint.h>

/// Hash of no bytes
#define GRUS_FNV1A_START UINT64_C(0xCBF29CE484222325)

/// Return the hash of what `hash` is of and `size` bytes behind that
static inline uint64_t
grus_fnv1a_add(uint64_t hash, const void* const data, const size_t size)
{
  const uint8_t* const bytes = (const uint8_t*)data;
  for (size_t i = 0U; i < size; ++i) {
    hash = (hash ^ bytes[i]) * UINT64_C(0x100000001B3);
  }

  return hash;
}

/// Return the 64-bit FNV-1a hash of `size` bytes: tells files apart and finds
/// damage, proves nothing (RFC 9923)
static inline uint64_t
grus_fnv1a(const void* const data, const size_t size)
{
  return grus_fnv1a_add(GRUS_FNV1A_START, data, size);
}

#endif // GRUS_FNV_H
