// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TESTS_GRU_ARRAYS_H
#define GRUS_TESTS_GRU_ARRAYS_H

// Arrays to run a GRU over, and what comes out

#include "grus/gru.h"
#include "grus/grus.h"

#include <stddef.h>
#include <stdint.h>

/// An array in the type of a GRU
typedef struct {
  GrusShape shape;
  size_t    n;
  void*     data; ///< Null if there is none
} Array;

/// Results for an input, padded or packed
typedef struct {
  Array output;
  Array h_n;
} Results;

/// Return the bytes of a number
size_t
number_size(GrusNumber dtype);

/// Return a number of an array
double
number_at(GrusNumber dtype, const void* data, size_t i);

/// Return an array of a shape
Array
array_of(GrusNumber dtype, GrusShape shape);

/// Fail where numbers are not those that are expected
void
assert_near(GrusNumber  dtype,
            Array       result,
            Array       expected,
            const char* name,
            const char* what);

/// Run a GRU over an array
Results
forward(GrusGru* gru, Array input, Array h_0, const GrusPacking* packing);

/// Free what forward() returned
void
results_free(Results results);

/// Noise from -1 to 1
Array
noise(GrusShape shape);

/// Return a GRU with weights drawn from a seed
GrusGru*
new_gru(GrusGruConfig config);

#endif // GRUS_TESTS_GRU_ARRAYS_H
