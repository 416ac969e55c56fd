// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/wav/repeatable.h"

#include <sndfile.h>

#include <unistd.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Places in a page of Ogg (RFC 3533), and sizes
enum {
  OGG_SERIAL   = 14,
  OGG_CHECKSUM = 22,
  OGG_SEGMENTS = 26,
  OGG_HEADER   = 27,
  OGG_PAGE     = OGG_HEADER + 255 + (255 * 255), ///< At most
};

/// Places in RF64
enum {
  RIFF_HEADER  = 12,
  CHUNK_HEADER = 8,
  PEAK_DATE    = 4, ///< Behind the version
};

static uint32_t
load_le(const uint8_t* const p)
{
  return p[0] | ((uint32_t)p[1] << 8U) | ((uint32_t)p[2] << 16U) |
         ((uint32_t)p[3] << 24U);
}

static bool
read_at(const int fd, void* const data, const size_t n, const int64_t place)
{
  return pread(fd, data, n, (off_t)place) == (ssize_t)n;
}

static bool
write_at(const int         fd,
         const void* const data,
         const size_t      n,
         const int64_t     place)
{
  return pwrite(fd, data, n, (off_t)place) == (ssize_t)n;
}

/// Store the checksum of a page, which has a zero in its place while it is made
static void
store_checksum(uint8_t* const page, const size_t n)
{
  uint32_t sum = 0U;
  memset(page + OGG_CHECKSUM, 0, 4U);
  for (size_t i = 0U; i < n; ++i) {
    sum ^= (uint32_t)page[i] << 24U;
    for (unsigned bit = 0U; bit < 8U; ++bit) {
      sum = (sum << 1U) ^ ((sum & 0x80000000U) ? 0x04C11DB7U : 0U);
    }
  }
  for (unsigned i = 0U; i < 4U; ++i) {
    page[OGG_CHECKSUM + i] = (uint8_t)(sum >> (8U * i));
  }
}

/// Read a whole page, return its length or 0 at the end
static size_t
read_page(const int fd, uint8_t* const page, const int64_t place)
{
  if (!read_at(fd, page, OGG_HEADER, place) || memcmp(page, "OggS", 4U)) {
    return 0U;
  }

  size_t       n          = OGG_HEADER;
  const size_t n_segments = page[OGG_SEGMENTS];
  if (!read_at(fd, page + n, n_segments, place + (int64_t)n)) {
    return 0U;
  }
  n += n_segments;
  size_t n_body = 0U;
  for (size_t i = 0U; i < n_segments; ++i) {
    n_body += page[OGG_HEADER + i];
  }
  return read_at(fd, page + n, n_body, place + (int64_t)n) ? n + n_body : 0U;
}

static int
number_pages(const int fd, int64_t place)
{
  static const uint8_t serial[4] = {'G', 'r', 'u', 's'};

  uint8_t page[OGG_PAGE];
  size_t  n = 0U;
  while ((n = read_page(fd, page, place))) {
    memcpy(page + OGG_SERIAL, serial, sizeof(serial));
    store_checksum(page, n);
    if (!write_at(fd, page, OGG_HEADER, place)) {
      return -1;
    }
    place += (int64_t)n;
  }
  return 0;
}

/// Set the date of a PEAK chunk to zero, if it stands before the samples
static int
forget_date(const int fd, int64_t place)
{
  static const uint8_t zero[4] = {0};

  uint8_t head[CHUNK_HEADER];
  place += RIFF_HEADER;
  while (read_at(fd, head, sizeof(head), place) && memcmp(head, "data", 4U)) {
    place += CHUNK_HEADER;
    if (!memcmp(head, "PEAK", 4U)) {
      return write_at(fd, zero, sizeof(zero), place + PEAK_DATE) ? 0 : -1;
    }
    place += (int64_t)load_le(head + 4) + (head[4] & 1U);
  }
  return 0;
}

int
repeatable_make(const int fd, const int64_t start, const int format)
{
  switch (format & SF_FORMAT_TYPEMASK) {
  case SF_FORMAT_OGG:
    return number_pages(fd, start);
  case SF_FORMAT_RF64:
    return forget_date(fd, start);
  default:
    return 0;
  }
}
