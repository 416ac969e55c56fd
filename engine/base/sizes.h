// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Sizes that come from outside, multiplied and added without wrapping around

#ifndef GRUS_SIZES_H
#define GRUS_SIZES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Set `product` to a * b, or return false if no object can be that large
static inline bool
grus_size_multiply(const size_t a, const size_t b, size_t* const product)
{
  // NOLINTNEXTLINE(clang-analyzer-core.UndefinedBinaryOperatorResult): b is set
  if (b && a > (size_t)PTRDIFF_MAX / b) {
    return false;
  }
  *product = a * b;
  return true;
}

/// Set `sum` to a + b, or return false if no object can be that large
static inline bool
grus_size_add(const size_t a, const size_t b, size_t* const sum)
{
  if (b > (size_t)PTRDIFF_MAX || a > (size_t)PTRDIFF_MAX - b) {
    return false;
  }
  *sum = a + b;
  return true;
}

#endif // GRUS_SIZES_H
