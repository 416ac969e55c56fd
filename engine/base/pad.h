// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// How long arrays are, so that no kernel has a tail

#ifndef GRUS_PAD_H
#define GRUS_PAD_H

#include <stddef.h>

enum { GRUS_PAD = 16 }; ///< Floats that the length of a row is a multiple of

/// Return `n` rounded up to a multiple of #GRUS_PAD
static inline size_t
grus_pad(const size_t n)
{
  return (n + (GRUS_PAD - 1U)) & ~(size_t)(GRUS_PAD - 1U);
}

#endif // GRUS_PAD_H
