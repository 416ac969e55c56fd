// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Random numbers to compare kernels on

#ifndef GRUS_TESTS_RANDOM_NUMBERS_H
#define GRUS_TESTS_RANDOM_NUMBERS_H

#include <stddef.h>

/// Fill with the next numbers between -scale and scale
void
fill(float* x, size_t n, float scale);

/// Fill a matrix of `rows` by `padded` columns, zero in the padding
void
fill_padded(float* x, size_t rows, size_t cols, size_t padded, float scale);

void
to_doubles(double* out, const float* x, size_t n);

#endif // GRUS_TESTS_RANDOM_NUMBERS_H
