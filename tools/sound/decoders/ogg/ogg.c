// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/decoders/ogg/ogg.h"

#include "sound/decoders/byte_stream.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum {
  PAGE_HEADER = 27, ///< Bytes before the sizes of a page's segments
  N_SEGMENTS  = 26, ///< Where the header counts them
  FLAGS       = 5,  ///< Where the header has them
  LAST_PAGE   = 4,  ///< The flag of a stream's end
  MAX_TEXT    = 16,
};

bool
ogg_begins_with(ByteStream* const stream, const char* const text)
{
  uint8_t      head[PAGE_HEADER] = {0};
  char         start[MAX_TEXT]   = {0};
  const size_t size              = strlen(text);
  byte_stream_peek(stream, 0, head, sizeof(head));
  byte_stream_peek(stream, PAGE_HEADER + head[N_SEGMENTS], start, size);
  return !memcmp(head, "OggS", 4U) && !memcmp(start, text, size);
}

int
ogg_seek(ByteStream* const stream, const int64_t offset, const int whence)
{
  const int64_t size = byte_stream_size(stream);
  const int64_t from = whence == SEEK_SET   ? 0
                       : whence == SEEK_CUR ? stream->place
                                            : size;
  if (size < 0 || from + offset < 0) {
    return -1;
  }
  byte_stream_seek(stream, from + offset);
  return 0;
}

/// Return the bytes of a page, of which at most `n` are there
static size_t
page_size(const uint8_t* const page, const size_t n)
{
  size_t size = PAGE_HEADER + (size_t)page[N_SEGMENTS];
  for (size_t i = 0U; i < page[N_SEGMENTS] && PAGE_HEADER + i < n; ++i) {
    size += page[PAGE_HEADER + i];
  }
  return size;
}

bool
ogg_is_whole(ByteStream* const stream)
{
  static uint8_t bytes[1 << 16]; // Larger than any page
  const int64_t  end = stream->place;
  const int64_t  from =
    end > (int64_t)sizeof(bytes) ? end - (int64_t)sizeof(bytes) : 0;
  const size_t n = byte_stream_peek(stream, from, bytes, sizeof(bytes));
  for (size_t i = n < PAGE_HEADER ? 0U : n - PAGE_HEADER + 1U; i-- > 0U;) {
    if (!memcmp(bytes + i, "OggS", 4U)) {
      return (bytes[i + FLAGS] & LAST_PAGE) &&
             page_size(bytes + i, n - i) <= n - i;
    }
  }
  return false;
}
