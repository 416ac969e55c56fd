// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "host/data_file.h"

#include <sys/types.h>
#include <unistd.h>

#include <limits.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// From the program's folder: as it is installed, and as it is built
static const char* const beside_program[] = {GRUS_DATA_BESIDE_PROGRAM,
                                             "../presets"};

enum { N_BESIDE = sizeof(beside_program) / sizeof(beside_program[0]) };

/// Get the folder that this program lies in, empty if the system does not tell
static void
find_program(char folder[PATH_MAX])
{
  const ssize_t size = readlink("/proc/self/exe", folder, PATH_MAX - 1);
  folder[size > 0 ? size : 0] = '\0';
  char* const slash           = strrchr(folder, '/');
  if (slash) {
    *slash = '\0';
  }
}

const char*
data_file_path(const char* const name, char* const path, const size_t size)
{
  const char* const named = getenv("GRUS_DATA");
  char              program[PATH_MAX];
  char              tried[2 * PATH_MAX];
  char              whole[PATH_MAX];
  if (named && *named) {
    snprintf(path, size, "%s/%s", named, name);
    return path;
  }

  find_program(program);
  for (size_t i = 0U; *program && i < N_BESIDE; ++i) {
    snprintf(
      tried, sizeof(tried), "%s/%s/%s", program, beside_program[i], name);
    if (realpath(tried, whole)) {
      snprintf(path, size, "%s", whole);
      return path;
    }
  }

  snprintf(path, size, "%s/%s", GRUS_INSTALLED_DATA, name);
  return path;
}
