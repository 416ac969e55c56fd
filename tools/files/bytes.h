// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_FILES_BYTES_H
#define GRUS_TOOLS_FILES_BYTES_H

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

   @param what What the file is, like "model", for errors.
   @param hint Said after the reason if it cannot be opened, or empty.
   @return EXIT_OK, or EXIT_FAILED after telling why.
*/
int
file_bytes_read(FileBytes*  bytes,
                const char* path,
                const char* what,
                const char* hint);

#endif // GRUS_TOOLS_FILES_BYTES_H
