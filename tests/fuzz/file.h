// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// A file in memory, whose content changes from run to run

#ifndef GRUS_TESTS_FILE_H
#define GRUS_TESTS_FILE_H

#include <stddef.h>

/// Return the path of a new file, or abort
const char*
file_new(void);

/// Have the file hold these bytes
void
file_fill(const void* data, size_t size);

#endif // GRUS_TESTS_FILE_H
