// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_LITTLE_ENDIAN_H
#define GRUS_LITTLE_ENDIAN_H

#include <stdint.h>

/// Return the number in `n_bytes` (at most 8) bytes, the lowest first
static inline uint64_t
grus_load_le(const uint8_t* const p, const unsigned n_bytes)
{
  uint64_t value = 0U;
  for (unsigned i = 0U; i < n_bytes; ++i) {
    value |= (uint64_t)p[i] << (8U * i);
  }

  return value;
}

#endif // GRUS_LITTLE_ENDIAN_H
