// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file file_bytes.h

   Bytes at places of an open file, whatever its position is.
*/

#ifndef GRUS_TOOLS_METADATA_FILE_BYTES_H
#define GRUS_TOOLS_METADATA_FILE_BYTES_H

#include <stddef.h>
#include <stdint.h>

/// Return the size of a regular file, 0 for all others
uint64_t
file_size(int fd);

/// Read exactly `n` bytes; returns 0, or -1 if they are not there
int
file_read(int fd, uint64_t at, void* data, size_t n);

/// Write `n` bytes; returns 0, or -1 and errno
int
file_write(int fd, uint64_t at, const void* data, size_t n);

/**
   Put `n` bytes in the place of `n_old`; what follows moves.

   @return 0, or -1 and errno: the file is useless then.
*/
int
file_replace(int fd, uint64_t at, uint64_t n_old, const void* data, size_t n);

#endif // GRUS_TOOLS_METADATA_FILE_BYTES_H
