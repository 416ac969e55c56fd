// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/film/index_place.h"

#include "ffmpeg/media.h"

#include <fcntl.h>
#include <unistd.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
  BOX_HEAD   = 16,  ///< Size and name, and a size of 64 bits
  MOST_BOXES = 100, ///< Before the index
};

static uint64_t
read_number(const unsigned char* const bytes, const size_t size)
{
  uint64_t number = 0U;
  for (size_t i = 0U; i < size; ++i) {
    number = (number << 8U) | bytes[i];
  }
  return number;
}

/// Return whether the box "moov" comes before the box "mdat"
static bool
has_index_first(const int fd)
{
  uint64_t at = 0U;
  for (int i = 0; i < MOST_BOXES; ++i) {
    unsigned char head[BOX_HEAD] = {0U};
    if (at > INT64_MAX ||
        pread(fd, head, sizeof(head), (off_t)at) < BOX_HEAD / 2) {
      return false;
    }
    if (!memcmp(head + 4, "moov", 4U) || !memcmp(head + 4, "mdat", 4U)) {
      return head[5] == 'o';
    }
    const uint64_t told = read_number(head, 4U);
    const uint64_t size = told == 1U ? read_number(head + 8, 8U) : told;
    if (size < BOX_HEAD / 2 || size > INT64_MAX) {
      return false;
    }
    at += size;
  }
  return false;
}

bool
film_index_is_first(const MediaFile* const media)
{
  static const char scheme[] = "file:";
  if (media->fd >= 0) {
    return has_index_first(media->fd);
  }

  const int fd =
    open(media->name + sizeof(scheme) - 1U, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0) {
    return false;
  }
  const bool first = has_index_first(fd);
  close(fd);
  return first;
}
