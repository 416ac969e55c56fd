// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// libFuzzer target: any bytes are presets or an error, and each of them can be
// found by its name and sets parameters to numbers

#include "file.h"
#include "grus/grus.h"
#include "host/data_file.h"
#include "host/presets.h"
#include "target.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

static const char* file_path;

/// Instead of tools/host/data_file.c: where the bytes are
const char*
data_file_path(const char* const name, char* const path, const size_t size)
{
  (void)name;
  snprintf(path, size, "%s", file_path);
  return path;
}

int
LLVMFuzzerInitialize(int* const argc, char*** const argv)
{
  (void)argc;
  (void)argv;
  file_path = file_new();
  return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  Presets*    presets = NULL;
  GrusMessage message;
  file_fill(data, size);
  if (!presets_load(&presets, &message)) {
    return 0;
  }

  float  values[GRUS_N_PARAMS];
  size_t index = 0U;
  for (size_t i = 0U; i < 100U && presets_name(presets, i); ++i) {
    presets_values(presets, i, values);
    if (!presets_find(presets, presets_name(presets, i), &index, &message)) {
      abort();
    }
  }
  (void)presets_find(presets, "?", &index, &message);
  presets_free(presets);
  return 0;
}
