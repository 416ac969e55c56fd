// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "metadata/file_bytes.h"

#include <sys/stat.h>
#include <unistd.h>

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

enum { BLOCK_SIZE = 1 << 20 }; ///< Bytes that move at a time

uint64_t
file_size(const int fd)
{
  struct stat info;
  return fstat(fd, &info) || !S_ISREG(info.st_mode) ? 0U
                                                    : (uint64_t)info.st_size;
}

int
file_read(const int fd, const uint64_t at, void* const data, const size_t n)
{
  size_t done = 0U;
  while (done < n) {
    const ssize_t count =
      pread(fd, (char*)data + done, n - done, (off_t)(at + done));
    if (count > 0) {
      done += (size_t)count;
    } else if (!count || errno != EINTR) {
      return -1;
    }
  }
  return 0;
}

int
file_write(const int         fd,
           const uint64_t    at,
           const void* const data,
           const size_t      n)
{
  size_t done = 0U;
  while (done < n) {
    const ssize_t count =
      pwrite(fd, (const char*)data + done, n - done, (off_t)(at + done));
    if (count > 0) {
      done += (size_t)count;
    } else if (!count || errno != EINTR) {
      return -1;
    }
  }
  return 0;
}

/// Copy `n` bytes within the file; the block that is read first is the one
/// that would be overwritten first
static int
move(const int fd, const uint64_t from, const uint64_t to, const uint64_t n)
{
  void* const block = n ? malloc(BLOCK_SIZE) : NULL;
  int         code  = n && !block ? -1 : 0;
  for (uint64_t done = 0U; !code && done < n;) {
    const uint64_t left = n - done;
    const size_t   size = left < BLOCK_SIZE ? (size_t)left : BLOCK_SIZE;
    const uint64_t at   = to > from ? left - size : done;
    code                = file_read(fd, from + at, block, size) ||
               file_write(fd, to + at, block, size)
                            ? -1
                            : 0;
    done += size;
  }
  free(block);
  return code;
}

int
file_replace(const int         fd,
             const uint64_t    at,
             const uint64_t    n_old,
             const void* const data,
             const size_t      n)
{
  const uint64_t size = file_size(fd);
  if (at + n_old > size) {
    errno = EINVAL;
    return -1;
  }
  if (n != n_old && move(fd, at + n_old, at + n, size - at - n_old)) {
    return -1;
  }
  if (n < n_old && ftruncate(fd, (off_t)(size - n_old + n))) {
    return -1;
  }
  return file_write(fd, at, data, n);
}
