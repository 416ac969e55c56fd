// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file arrays.h

   A GRU over whole arrays, as `grus gru` and the Python package run it: the
   same number of inputs and units, one layer, random weights.
*/

#ifndef GRUS_TOOLS_BENCH_MEASURE_ARRAYS_H
#define GRUS_TOOLS_BENCH_MEASURE_ARRAYS_H

#include <stdint.h>

enum { BENCH_ARRAYS_STEPS = 1000 }; ///< Of every sequence

/// Shape of the arrays
typedef struct {
  uint32_t hidden; ///< Inputs, and units
  uint32_t batch;  ///< Sequences side by side
} ArraysSize;

/// A GRU, its input and room for its results
typedef struct BenchArraysImpl BenchArrays;

/// Return a GRU on kernels of a name, to be freed, or null without memory
BenchArrays*
bench_arrays_new(ArraysSize size, const char* kernels);

/// Free `arrays` (null is allowed)
void
bench_arrays_free(BenchArrays* arrays);

/// Return the nanoseconds of a step of all sequences, infinite on failure
double
bench_arrays_time(BenchArrays* arrays);

#endif // GRUS_TOOLS_BENCH_MEASURE_ARRAYS_H
