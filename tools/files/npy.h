// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file npy.h

   Arrays in the format of numpy.save():
   https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
*/

#ifndef GRUS_TOOLS_FILES_NPY_H
#define GRUS_TOOLS_FILES_NPY_H

#include "files/output.h"
#include "grus/grus.h"

#include <stddef.h>

/// An array of floats
typedef struct {
  GrusShape  shape;
  GrusNumber dtype;
  size_t     n;    ///< Numbers
  void*      data; ///< To be freed
} NpyArray;

/// Return the bytes of one number
size_t
npy_number_size(GrusNumber dtype);

/// Return the name of a type, like "float32"
const char*
npy_number_name(GrusNumber dtype);

/**
   Make an array of a shape, with numbers that mean nothing.

   @return EXIT_OK, or EXIT_FAILED after telling why.
*/
int
npy_array_new(NpyArray* array, GrusNumber dtype, const GrusShape* shape);

/// Read a file, or the standard input for "-"; float16 become float32.  On
/// failure tell why and return EXIT_FAILED
int
npy_file_read(NpyArray* array, const char* path);

/// Write an array to an open file; return 0, or -1 with the reason in errno
int
npy_file_write(OutputFile* file, const NpyArray* array);

#endif // GRUS_TOOLS_FILES_NPY_H
