// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Kernels compared with what they ought to compute

#ifndef GRUS_TESTS_COMPARE_H
#define GRUS_TESTS_COMPARE_H

#include "kernels/kernels.h"

#include <stdbool.h>
#include <stddef.h>

enum { N_SIZES = 19 };

/// Below, at and above whole vectors
extern const size_t sizes[N_SIZES];

/// Note a failure and its error unless `ok`
void
expect(bool ok, const GrusKernels* k, const char* what, double error);

/// Return `n` floats, aligned, with a guard behind them
float*
new_floats(size_t n);

/// Return whether the guard behind `n` floats is as it was
bool
is_guarded(const float* x, size_t n);

/// Check all variants that this processor runs; return the exit status
int
each_variant(void (*check)(const GrusKernels* k));

#endif // GRUS_TESTS_COMPARE_H
