// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// libFuzzer target: any bytes are a .npy file or an error, and what is read is
// written and read again as the same

#include "cli/say.h"
#include "file.h"
#include "files/npy.h"
#include "files/output.h"
#include "target.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static const char* path;
static uint8_t*    written;
static size_t      n_written;

// In place of the program's: errors go nowhere, and output into memory

int
say_error(const int code, const char* const format, ...)
{
  (void)format;
  return code;
}

int
output_file_write(OutputFile* const file,
                  const void* const data,
                  const size_t      n)
{
  (void)file;
  written = (uint8_t*)realloc(written, n_written + n + 1U);
  memcpy(written + n_written, data, n);
  n_written += n;
  return 0;
}

int
LLVMFuzzerInitialize(int* const argc, char*** const argv)
{
  (void)argc;
  (void)argv;
  path = file_new();
  return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  NpyArray array;
  file_fill(data, size);
  if (npy_file_read(&array, path)) {
    return 0;
  }

  NpyArray again;
  n_written = 0U;
  if (npy_file_write(NULL, &array)) {
    abort();
  }
  file_fill(written, n_written);
  if (npy_file_read(&again, path) || again.n != array.n ||
      memcmp(again.data, array.data, array.n * npy_number_size(array.dtype))) {
    abort();
  }
  free(again.data);
  free(array.data);
  return 0;
}
