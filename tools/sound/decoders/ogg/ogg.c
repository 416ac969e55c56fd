// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/decoders/ogg/ogg.h"

#include "sound/decoders/byte_stream.h"
#include "sound/input.h"
#include "sound/layout/layout.h"

#include <ogg/ogg.h>
#include <sndfile.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum {
  PAGE_HEADER = 27, ///< Bytes before the sizes of a page's segments
  N_SEGMENTS  = 26, ///< Where the header counts them
  GRANULE     = 6,  ///< Where the header has the place in the sound
  FLAGS       = 5,  ///< Where the header has them
  CHECKSUM    = 22, ///< Where the header has that of the page, 4 bytes
  FIRST_PAGE  = 2,  ///< The flag of a stream's beginning
  LAST_PAGE   = 4,  ///< The flag of a stream's end
  MAX_HEADER  = PAGE_HEADER + 255,
  MAX_PAGE    = MAX_HEADER + (255 * 255),
  PIECE       = 1 << 14, ///< Bytes that are looked through at once
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

/// Return where the next page may begin, at `at` or behind it
static int64_t
find_page(ByteStream* const stream, const int64_t at)
{
  uint8_t      bytes[PIECE];
  const size_t n = byte_stream_peek(stream, at, bytes, sizeof(bytes));
  for (size_t i = 0U; i + 4U <= n; ++i) {
    if (!memcmp(bytes + i, "OggS", 4U)) {
      return at + (int64_t)i;
    }
  }
  return at + (int64_t)(n < 4U ? n : n - 3U);
}

/// Read the flags of the page at a place, return its size or 0 if there is none
static size_t
read_page(ByteStream* const stream, const int64_t at, uint8_t* const flags)
{
  uint8_t      page[MAX_HEADER];
  const size_t n = byte_stream_peek(stream, at, page, sizeof(page));
  if (n < PAGE_HEADER || memcmp(page, "OggS", 4U)) {
    return 0U;
  }
  *flags = page[FLAGS];
  return page_size(page, n);
}

/// Return where the link ends that begins the stream's part, or -1
static int64_t
find_link(ByteStream* const stream)
{
  const int64_t end      = byte_stream_size(stream);
  bool          has_data = false;
  int64_t       at       = 0;
  while (at < end) {
    uint8_t      flags = 0U;
    const size_t size  = read_page(stream, at, &flags);
    const bool   first = flags & FIRST_PAGE;
    if (size && first && has_data) {
      return at;
    }
    has_data = has_data || (size && !first);

    // The size of a damaged page leads anywhere
    const int64_t next = size ? at + (int64_t)size : find_page(stream, at);
    at                 = next > at ? next : end;
  }
  return -1;
}

/// Return whether `n` bytes begin with a page that is as it was written
static bool
is_page_sound(uint8_t* const bytes, const size_t n)
{
  if (n < PAGE_HEADER || memcmp(bytes, "OggS", 4U) || page_size(bytes, n) > n) {
    return false;
  }

  const size_t header = PAGE_HEADER + (size_t)bytes[N_SEGMENTS];
  uint8_t      told[4];
  ogg_page     page = {
        bytes, (long)header, bytes + header, (long)(page_size(bytes, n) - header)};
  memcpy(told, bytes + CHECKSUM, sizeof(told));
  ogg_page_checksum_set(&page);
  return !memcmp(told, bytes + CHECKSUM, sizeof(told));
}

bool
ogg_begins_whole(ByteStream* const stream, const unsigned n_headers)
{
  static uint8_t bytes[MAX_PAGE];
  int64_t        at = 0;
  for (unsigned n_packets = 0U; n_packets < n_headers;) {
    const size_t n = byte_stream_peek(stream, at, bytes, MAX_HEADER);
    if (n < MAX_HEADER || memcmp(bytes, "OggS", 4U) ||
        (byte_stream_size(stream) < 0 && at > BYTE_STREAM_BACK / 2)) {
      return true;
    }
    for (size_t i = 0U; i < bytes[N_SEGMENTS]; ++i) {
      n_packets += bytes[PAGE_HEADER + i] < 255U;
    }
    at += (int64_t)page_size(bytes, n);
  }

  const size_t n = byte_stream_peek(stream, at, bytes, sizeof(bytes));
  return !n || is_page_sound(bytes, n);
}

void
ogg_chain_start(OggChain* const   chain,
                ByteStream* const stream,
                const int64_t     at)
{
  memset(chain, 0, sizeof(*chain));
  chain->stream = stream;
  chain->last   = stream->end;
  byte_stream_window(stream, byte_stream_origin(stream, at), stream->end);
  chain->next = find_link(stream);
  if (chain->next >= 0) {
    byte_stream_window(stream, stream->first, stream->first + chain->next);
  }
}

size_t
ogg_chain_read(OggChain* const chain, void* const bytes, const size_t n)
{
  ByteStream* const stream = chain->stream;
  if (byte_stream_size(stream) >= 0) {
    return byte_stream_read(stream, bytes, n);
  }

  if (stream->place >= chain->page_end) {
    uint8_t      flags = 0U;
    const size_t size  = read_page(stream, stream->place, &flags);
    const bool   first = flags & FIRST_PAGE;
    if (size && first && chain->has_data) {
      chain->next = stream->place;
      return 0U;
    }
    chain->has_data = chain->has_data || (size && !first);
    chain->page_end =
      size ? stream->place + (int64_t)size : find_page(stream, stream->place);
  }

  const int64_t left = chain->page_end - stream->place;
  return byte_stream_read(stream, bytes, (int64_t)n < left ? n : (size_t)left);
}

bool
ogg_chain_next(OggChain* const chain)
{
  ByteStream* const stream = chain->stream;
  const int64_t     next   = chain->next;
  if (next <= 0) {
    return false;
  }

  const int64_t at = byte_stream_origin(stream, next);
  byte_stream_window(stream, at, chain->last);
  ogg_chain_start(chain, stream, 0);
  return true;
}

bool
ogg_chain_is_single(const OggChain* const chain)
{
  return chain->next < 0;
}

/// Read the last 64 KB before a place, return where its last page is, or `n`
static size_t
find_last_page(ByteStream* const stream,
               const int64_t     end,
               const uint8_t**   page,
               size_t* const     n)
{
  static uint8_t bytes[1 << 16]; // Larger than any page
  const int64_t  from =
    end > (int64_t)sizeof(bytes) ? end - (int64_t)sizeof(bytes) : 0;
  *n = byte_stream_peek(stream, from, bytes, (size_t)(end - from));
  for (size_t i = *n < PAGE_HEADER ? 0U : *n - PAGE_HEADER + 1U; i-- > 0U;) {
    if (!memcmp(bytes + i, "OggS", 4U)) {
      *page = bytes + i;
      return i;
    }
  }
  return *n;
}

int64_t
ogg_last_granule(ByteStream* const stream)
{
  const uint8_t* page    = NULL;
  uint64_t       granule = 0U;
  size_t         n       = 0U;
  if (find_last_page(stream, byte_stream_size(stream), &page, &n) == n) {
    return -1;
  }
  for (size_t i = 8U; i-- > 0U;) {
    granule = granule << 8U | page[GRANULE + i];
  }
  return (int64_t)granule;
}

bool
ogg_is_whole(ByteStream* const stream)
{
  const uint8_t* page = NULL;
  size_t         n    = 0U;
  const size_t   at   = find_last_page(stream, stream->place, &page, &n);
  return at < n && (page[FLAGS] & LAST_PAGE) &&
         page_size(page, n - at) <= n - at;
}

void
ogg_describe(SoundInput* const input,
             const int         rate,
             const int         n_channels,
             const int         codec,
             const int64_t     n_frames)
{
  input->info.samplerate = rate;
  input->info.channels   = n_channels;
  input->info.format     = SF_FORMAT_OGG | codec;
  input->info.frames     = n_frames >= 0 ? n_frames : SOUND_FRAMES_UNKNOWN;
  input->n_told          = input->info.frames;
  input->layout          = layout_of_ogg((uint32_t)n_channels, &input->order);
}

void
ogg_check_end(SoundInput* const input)
{
  if (!ogg_is_whole(&input->bytes)) {
    sound_input_warn(input, "is cut short: its last page is missing");
  }
}
