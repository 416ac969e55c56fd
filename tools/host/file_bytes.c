// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "host/file_bytes.h"

#include "grus/grus.h"

#include <sys/stat.h>
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Larger than any model that a processor runs in real time
enum { MAX_SIZE = 1 << 30 };

static bool
fail_file(GrusMessage* const message, const char* const reason)
{
  snprintf(message->text, sizeof(message->text), "%s", reason);
  return false;
}

static bool
read_stream(FILE* const        stream,
            FileBytes* const   bytes,
            GrusMessage* const message)
{
  struct stat info;
  if (fstat(fileno(stream), &info) || !S_ISREG(info.st_mode) ||
      info.st_size > MAX_SIZE) {
    return fail_file(message, "it is not a file of at most 1 GiB");
  }

  const size_t size = (size_t)info.st_size;
  void* const  data = malloc(size ? size : 1U);
  if (!data) {
    return fail_file(message, "no memory");
  }
  if (fread(data, 1U, size, stream) != size) {
    fail_file(message, ferror(stream) ? strerror(errno) : "it is cut short");
    free(data);
    return false;
  }

  bytes->data = data;
  bytes->size = size;
  return true;
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

bool
file_bytes_read(FileBytes* const   bytes,
                const char* const  path,
                GrusMessage* const message)
{
  FILE* const stream = file_open_without_waiting(path);
  if (!stream) {
    return fail_file(message, strerror(errno));
  }

  const bool ok = read_stream(stream, bytes, message);
  fclose(stream);
  return ok;
}
