// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_HOST_FILE_BYTES_H
#define GRUS_HOST_FILE_BYTES_H

#include "grus/grus.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/// Open a file to read; a pipe that nobody writes to is not waited for.  Null,
/// and errno says why, on failure.
FILE*
file_open_without_waiting(const char* path);

/// A whole file in memory
typedef struct {
  void*  data; ///< To be freed
  size_t size; ///< Bytes
} FileBytes;

/**
   Read a whole file of at most 1 GiB.

   @param bytes Untouched on error.
   @param message Set to the reason on error, without the path.
   @return Whether it was read.
*/
bool
file_bytes_read(FileBytes* bytes, const char* path, GrusMessage* message);

#endif // GRUS_HOST_FILE_BYTES_H
