// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "files/bytes.h"

#include "cli/say.h"

#include <sys/stat.h>
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Larger than any model that a processor runs in real time
enum { MAX_SIZE = 1 << 30 };

static int
read_stream(FILE* const       stream,
            FileBytes* const  bytes,
            const char* const path,
            const char* const what)
{
  bytes->data = malloc(bytes->size ? bytes->size : 1U);
  if (!bytes->data) {
    return say_error(EXIT_FAILED, "no memory for %s \"%s\"", what, path);
  }

  const size_t n = fread(bytes->data, 1U, bytes->size, stream);
  if (n == bytes->size) {
    return EXIT_OK;
  }

  free(bytes->data);
  bytes->data = NULL;
  return say_error(EXIT_FAILED,
                   "cannot read %s \"%s\": %s",
                   what,
                   path,
                   ferror(stream) ? strerror(errno) : "it is cut short");
}

FILE*
file_open_without_waiting(const char* const path)
{
  const int   fd     = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  FILE* const stream = fd < 0 ? NULL : fdopen(fd, "rb");
  if (fd >= 0 && !stream) {
    close(fd);
  }
  return stream;
}

int
file_bytes_read(FileBytes* const  bytes,
                const char* const path,
                const char* const what,
                const char* const hint)
{
  FILE* const stream = file_open_without_waiting(path);
  if (!stream) {
    return say_error(EXIT_FAILED,
                     "cannot open %s \"%s\": %s%s",
                     what,
                     path,
                     strerror(errno),
                     hint);
  }

  struct stat info;
  int         code = EXIT_FAILED;
  if (fstat(fileno(stream), &info) || !S_ISREG(info.st_mode) ||
      info.st_size > MAX_SIZE) {
    say_error(
      EXIT_FAILED, "%s \"%s\" is not a file of at most 1 GiB", what, path);
  } else {
    bytes->size = (size_t)info.st_size;
    code        = read_stream(stream, bytes, path, what);
  }

  fclose(stream);
  return code;
}
