// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "model_file.h"

#include "grus.h"
#include "say.h"

#include <sys/stat.h>
#include <unistd.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Larger than any model that a processor runs in real time
enum { MAX_SIZE = 1 << 30 };

static const char*
default_path(void)
{
  const char* const named = getenv("GRUS_MODEL");
  if (named && *named) {
    return named;
  }

  // The tree it was built from, as long as that is there
  return access(GRUS_SOURCE_MODEL, R_OK) ? GRUS_INSTALLED_MODEL
                                         : GRUS_SOURCE_MODEL;
}

static int
read_all(FILE* const       stream,
         const char* const path,
         const size_t      size,
         void* const       data)
{
  const size_t n = fread(data, 1U, size, stream);
  return n == size
           ? EXIT_OK
           : say_error(EXIT_FAILED,
                       "cannot read model \"%s\": %s",
                       path,
                       ferror(stream) ? strerror(errno) : "it is cut short");
}

/// Parse an open file of `size` bytes
static int
parse(FILE* const stream, const size_t size, ModelFile* const file)
{
  void* const data = malloc(size ? size : 1U);
  if (!data) {
    return say_error(EXIT_FAILED, "no memory for model \"%s\"", file->path);
  }

  int code = read_all(stream, file->path, size, data);
  if (!code) {
    GrusMessage message;
    file->size = size;
    if (grus_model_parse(data, size, &file->model, &message)) {
      code =
        say_error(EXIT_FAILED, "model \"%s\": %s", file->path, message.text);
    }
  }

  free(data);
  return code;
}

int
model_file_load(const char* const path, ModelFile* const file)
{
  file->path  = path ? path : default_path();
  file->model = NULL;

  FILE* const stream = fopen(file->path, "rb");
  if (!stream) {
    return say_error(EXIT_FAILED,
                     "cannot open model \"%s\": %s%s",
                     file->path,
                     strerror(errno),
                     path ? "" : " (name one with --model FILE)");
  }

  struct stat info;
  int         code = EXIT_FAILED;
  if (fstat(fileno(stream), &info) || !S_ISREG(info.st_mode) ||
      info.st_size > MAX_SIZE) {
    say_error(
      EXIT_FAILED, "model \"%s\" is not a file of at most 1 GiB", file->path);
  } else {
    code = parse(stream, (size_t)info.st_size, file);
  }

  fclose(stream);
  return code;
}
