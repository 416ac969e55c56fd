// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What the examples share: a whole file in memory

#ifndef GRUS_EXAMPLES_READ_FILE_H
#define GRUS_EXAMPLES_READ_FILE_H

#include <stdio.h>
#include <stdlib.h>

/// Return the bytes of a file, to be freed, or null; `size` is how many
static inline void*
read_file(const char* const path, size_t* const size)
{
  FILE* const file = fopen(path, "rb");
  char*       data = NULL;
  *size            = 0U;
  for (size_t n = 1U; file && n;) {
    char* const more = (char*)realloc(data, *size + 65536U);
    if (!more) {
      break;
    }
    data = more;
    n    = fread(data + *size, 1U, 65536U, file);
    *size += n;
  }
  if (file) {
    fclose(file);
  }
  return data;
}

#endif // GRUS_EXAMPLES_READ_FILE_H
