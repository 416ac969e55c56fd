// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "metadata/buffer.h"
#include "metadata/containers/containers.h"
#include "metadata/file_bytes.h"
#include "metadata/losses.h"
#include "metadata/metadata.h"
#include "metadata/tags/comments.h"

#include <ogg/ogg.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
  HEAD_SIZE   = 27, ///< Of a page, before the lengths of its segments
  MAX_PAGE    = 65307,
  MAX_HEADERS = 64, ///< Packets before the sound
};

/// A page of a file
typedef struct {
  uint64_t at;
  size_t   n_head; ///< Bytes of the header, with the lengths
  size_t   n_body;
  uint8_t  bytes[MAX_PAGE];
} Page;

/// How a codec keeps its comments
typedef struct {
  const char* head; ///< How its first packet begins
  size_t      n_head;
  size_t      n_headers; ///< Packets before the sound, 0 if not known
  const char* before;    ///< What stands before the comments
  size_t      n_before;
  const char* after; ///< What stands behind them
} Codec;

static const Codec codecs[] = {
  {"\001vorbis", 7U, 3U, "\003vorbis", 7U, "\001"},
  {"OpusHead", 8U, 2U, "OpusTags", 8U, ""},
  {"Speex   ", 8U, 2U, "", 0U, ""},
  {"\177FLAC", 5U, 0U, "", 4U, ""},
};

/// The packets before the sound of one stream
typedef struct {
  const Codec* codec;
  uint32_t     serial;
  uint64_t     start;   ///< Of the first page behind the first one
  uint64_t     end;     ///< Of the last page with headers
  uint32_t     n_pages; ///< Between them
  size_t       n;       ///< Whole packets
  Buffer       packets[MAX_HEADERS];
} Headers;

static bool
read_page(const int fd, const uint64_t at, Page* const page)
{
  page->at = at;
  if (file_read(fd, at, page->bytes, HEAD_SIZE) ||
      memcmp(page->bytes, "OggS", 4U)) {
    return false;
  }
  const size_t n = page->bytes[26];
  if (file_read(fd, at + HEAD_SIZE, page->bytes + HEAD_SIZE, n)) {
    return false;
  }

  page->n_head = HEAD_SIZE + n;
  page->n_body = 0U;
  for (size_t i = 0U; i < n; ++i) {
    page->n_body += page->bytes[HEAD_SIZE + i];
  }
  return !file_read(
    fd, at + page->n_head, page->bytes + page->n_head, page->n_body);
}

static uint64_t
end_of(const Page* const page)
{
  return page->at + page->n_head + page->n_body;
}

static uint32_t
serial_of(const Page* const page)
{
  return (uint32_t)load_le(page->bytes + 14, 4U);
}

static const Codec*
codec_of(const Page* const page)
{
  for (size_t i = 0U; i < sizeof(codecs) / sizeof(codecs[0]); ++i) {
    if (page->n_body >= codecs[i].n_head &&
        !memcmp(page->bytes + page->n_head, codecs[i].head, codecs[i].n_head)) {
      return &codecs[i];
    }
  }
  return NULL;
}

/// Add what a page has of the packets that are wanted
static void
add_packets(Headers* const headers, const Page* const page, const size_t most)
{
  const uint8_t* body = page->bytes + page->n_head;
  for (size_t i = HEAD_SIZE; i < page->n_head && headers->n < most; ++i) {
    const size_t  n      = page->bytes[i];
    Buffer* const packet = &headers->packets[headers->n];
    buffer_add(packet, body, n);
    body += n;
    headers->n += n < 255U ? 1U : 0U;
  }
}

/// Return how many packets stand before the sound
static size_t
wanted(const Headers* const headers)
{
  const Buffer* const first = &headers->packets[0];
  const size_t        n = headers->codec->n_headers ? headers->codec->n_headers
                          : first->size >= 9U
                            ? 1U + (size_t)load_be(first->data + 7, 2U)
                            : 2U;
  return n < MAX_HEADERS ? n : MAX_HEADERS;
}

/// Read the headers of the first stream whose codec is known
static bool
read_headers(const int fd, Headers* const headers, Page* const page)
{
  uint64_t at     = 0U;
  size_t   n_read = 0U;
  memset(headers, 0, sizeof(*headers));
  while (read_page(fd, at, page) && n_read < METADATA_LIMIT) {
    at                    = end_of(page);
    const bool   is_first = page->bytes[5] & 2U;
    const Codec* codec    = is_first ? codec_of(page) : NULL;
    if (codec && !headers->codec) {
      headers->codec  = codec;
      headers->serial = serial_of(page);
      headers->start  = at;
      add_packets(headers, page, 1U);
    } else if (headers->codec && serial_of(page) == headers->serial) {
      add_packets(headers, page, wanted(headers));
      headers->end = at;
      ++headers->n_pages;
      if (headers->n == wanted(headers)) {
        return true;
      }
    }
    n_read += page->n_body;
  }
  return false;
}

static void
free_headers(Headers* const headers)
{
  for (size_t i = 0U; i < MAX_HEADERS; ++i) {
    buffer_free(&headers->packets[i]);
  }
}

/// Add the metadata of a packet of Ogg FLAC, which is a block of FLAC
static void
read_flac_packet(Metadata* const metadata, const Buffer* const packet)
{
  const unsigned type = packet->size >= 4U ? packet->data[0] & 0x7FU : 0U;
  if (type == 4U) {
    comments_read(metadata, packet->data + 4, packet->size - 4U);
  } else if (type == 6U) {
    flac_picture_read(metadata, packet->data + 4, packet->size - 4U);
  }
}

void
ogg_read(Metadata* const metadata, const int fd)
{
  Headers headers;
  Page    page;
  if (read_headers(fd, &headers, &page)) {
    const Codec* const  codec  = headers.codec;
    const Buffer* const packet = &headers.packets[1];
    if (codec->n_headers && packet->size >= codec->n_before &&
        !packet->failed) {
      comments_read(metadata,
                    packet->data + codec->n_before,
                    packet->size - codec->n_before);
    }
    for (size_t i = 1U; !codec->n_headers && i < headers.n; ++i) {
      read_flac_packet(metadata, &headers.packets[i]);
    }
  } else if (headers.codec) {
    metadata->overflowed = true;
  }
  free_headers(&headers);
}

/// Make pages of all headers but the first, return how many
static uint32_t
build_pages(const Headers* const headers, Buffer* const pages)
{
  ogg_stream_state stream;
  ogg_page         page;
  uint32_t         n = 0U;
  if (ogg_stream_init(&stream, (int)headers->serial)) {
    pages->failed = true;
    return 0U;
  }
  for (size_t i = 0U; i < headers->n; ++i) {
    const Buffer* const content = &headers->packets[i];
    ogg_packet          packet  = {
                content->data, (long)content->size, i == 0U, 0, 0, (ogg_int64_t)i};
    pages->failed |= ogg_stream_packetin(&stream, &packet) != 0;
    if (!i) {
      ogg_stream_flush(&stream, &page); // Which stays as it is
    }
  }
  for (; !pages->failed && ogg_stream_flush(&stream, &page); ++n) {
    buffer_add(pages, page.header, (size_t)page.header_len);
    buffer_add(pages, page.body, (size_t)page.body_len);
  }
  ogg_stream_clear(&stream);
  return n;
}

/// Count the pages from `at` on anew
static int
renumber(const int fd, uint64_t at, const uint32_t serial, const uint32_t step)
{
  Page page;
  while (step && at < file_size(fd)) {
    if (!read_page(fd, at, &page)) {
      return -1;
    }
    ogg_page sum = {page.bytes,
                    (long)page.n_head,
                    page.bytes + page.n_head,
                    (long)page.n_body};
    if (serial_of(&page) == serial) {
      store_le(page.bytes + 18, load_le(page.bytes + 18, 4U) + step, 4U);
      ogg_page_checksum_set(&sum);
      if (file_write(fd, at, page.bytes, page.n_head)) {
        return -1;
      }
    }
    at = end_of(&page);
  }
  return 0;
}

/// Put comments of all metadata into the packet of comments
static void
replace_comments(const Metadata* const       metadata,
                 const MetadataTarget* const target,
                 Headers* const              headers)
{
  const Codec* const codec  = headers->codec;
  Buffer* const      packet = &headers->packets[1];
  Buffer             old    = {0};
  Buffer             block  = {0};
  if (packet->size > codec->n_before) {
    buffer_add(
      &old, packet->data + codec->n_before, packet->size - codec->n_before);
  }
  buffer_add(&block, codec->before, codec->n_before);

  Buffer comments = {0};
  comments_build(metadata, target, &old, metadata->n_pictures, &comments);
  buffer_add(&block, comments.data, comments.size);
  buffer_text(&block, codec->after);
  block.failed |= old.failed || comments.failed;
  buffer_free(&comments);
  buffer_free(&old);
  buffer_free(packet);
  *packet = block;
}

int
ogg_write(const Metadata* const metadata, const MetadataTarget* const target)
{
  Headers headers;
  Page    page;
  Buffer  pages = {0};
  int     code  = -1;
  if (read_headers(target->fd, &headers, &page) && headers.codec->n_headers) {
    replace_comments(metadata, target, &headers);
    const uint32_t n      = build_pages(&headers, &pages);
    const bool     failed = pages.failed || headers.packets[1].failed;
    code                  = failed ||
               file_replace(target->fd,
                            headers.start,
                            headers.end - headers.start,
                            pages.data,
                            pages.size) ||
               renumber(target->fd,
                        headers.start + pages.size,
                        headers.serial,
                        n - headers.n_pages)
                              ? -1
                              : 0;
    losses_add_chunks(target->losses, metadata, METADATA_OGG);
  }
  buffer_free(&pages);
  free_headers(&headers);
  return code;
}
