// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "file.h"

#include <sys/mman.h>
#include <unistd.h>

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

static int file;

const char*
file_new(void)
{
  static char path[32];
  file = memfd_create("fuzz", 0U);
  if (file < 0) {
    abort();
  }
  snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
  return path;
}

void
file_fill(const void* const data, const size_t size)
{
  if (ftruncate(file, 0) || pwrite(file, data, size, 0) != (ssize_t)size) {
    abort();
  }
}
