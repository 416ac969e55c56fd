// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/decoders/mpeg/mpeg_header.h"

#include "sound/decoders/byte_stream.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
  MAX_JUNK   = 1 << 16, ///< Bytes before the first frame that are no tag
  N_SURE     = 4,       ///< Frames in a row that no junk looks like
  LEAST_FREE = 24,      ///< Bytes of a frame in free format
  MOST_FREE  = 4096,    ///< Likewise, with the next header
};

/// Kilobits per second of MPEG 1 in layers 1 to 3, then of MPEG 2 in 1 and 2
static const uint16_t bit_rates[5][15] = {
  {0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448},
  {0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384},
  {0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320},
  {0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256},
  {0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160},
};

static const uint16_t sample_rates[3] = {44100, 48000, 32000};

/// Read a header, whose frame has size 0 if it is in free format, which does
/// not tell it
static bool
parse(const uint8_t bytes[4], MpegHeader* const header)
{
  const unsigned version = (bytes[1] >> 3U) & 3U; // 3: 1, 2: 2, 0: 2.5
  const unsigned layer   = 4U - ((bytes[1] >> 1U) & 3U);
  const unsigned rate    = bytes[2] >> 4U;
  const unsigned hz      = (bytes[2] >> 2U) & 3U;
  const unsigned pad     = (bytes[2] >> 1U) & 1U;
  if (bytes[0] != 0xFFU || (bytes[1] & 0xE0U) != 0xE0U || version == 1U ||
      layer == 4U || rate == 15U || hz == 3U) {
    return false;
  }

  const bool     is_1 = version == 3U;
  const unsigned row  = is_1 ? layer - 1U : layer == 1U ? 3U : 4U;
  const unsigned bits = bit_rates[row][rate] * 1000U;
  const unsigned slot = layer == 3U && !is_1 ? 72U : 144U;

  header->is_free     = false;
  header->layer       = layer;
  header->sample_rate = sample_rates[hz] >> (is_1            ? 0U
                                             : version == 2U ? 1U
                                                             : 2U);
  header->size        = !rate         ? 0U
                        : layer == 1U ? ((12U * bits / header->sample_rate) + pad) * 4U
                                      : (slot * bits / header->sample_rate) + pad;
  return true;
}

bool
mpeg_header_parse(const uint8_t bytes[4], MpegHeader* const header)
{
  return parse(bytes, header) && header->size;
}

/// Return the size of a frame in free format: up to the next header like its
/// own but for the padding, 0 if there is none
static unsigned
measure_free_frame(ByteStream* const stream,
                   const int64_t     at,
                   const uint8_t     header[4])
{
  uint8_t        bytes[MOST_FREE];
  const unsigned n =
    (unsigned)byte_stream_peek(stream, at, bytes, sizeof(bytes));
  for (unsigned i = LEAST_FREE; i + 4U <= n; ++i) {
    if (bytes[i] == header[0] && bytes[i + 1U] == header[1] &&
        !((bytes[i + 2U] ^ header[2]) & 0xFDU)) {
      return i;
    }
  }
  return 0U;
}

static bool
read_header(ByteStream* const stream,
            const int64_t     at,
            MpegHeader* const header)
{
  uint8_t bytes[4];
  if (byte_stream_peek(stream, at, bytes, sizeof(bytes)) != sizeof(bytes) ||
      !parse(bytes, header)) {
    return false;
  }
  if (!header->size) {
    header->is_free = true;
    header->size    = measure_free_frame(stream, at, bytes);
  }
  return header->size;
}

/// Return how many frames follow each other at a place, at most `n`
static int
count_frames(ByteStream* const stream, int64_t at, const int n)
{
  MpegHeader first = {0};
  MpegHeader header;
  int        i = 0;
  for (; i < n && read_header(stream, at, &header); ++i) {
    first = i ? first : header;
    if (header.layer != first.layer ||
        header.sample_rate != first.sample_rate) {
      break;
    }
    at += header.size;
  }
  return i;
}

int64_t
mpeg_skip_tags(ByteStream* const stream)
{
  int64_t at = 0;
  uint8_t b[10];
  while (byte_stream_peek(stream, at, b, sizeof(b)) == sizeof(b) &&
         !memcmp(b, "ID3", 3U)) {
    const int64_t size = ((int64_t)(b[6] & 0x7FU) << 21U) |
                         ((int64_t)(b[7] & 0x7FU) << 14U) |
                         ((int64_t)(b[8] & 0x7FU) << 7U) | (b[9] & 0x7FU);
    at += size + ((b[5] & 0x10U) ? 20 : 10);
  }
  return at;
}

/// Return the next place, before `end`, where a frame may begin, or `end`
static int64_t
find_mark(ByteStream* const stream, int64_t at, const int64_t end)
{
  uint8_t bytes[512];
  while (at < end) {
    const size_t         n = byte_stream_peek(stream, at, bytes, sizeof(bytes));
    const uint8_t* const mark = (const uint8_t*)memchr(bytes, 0xFF, n);
    if (mark || !n) {
      at = mark ? at + (mark - bytes) : end;
      break;
    }
    at += (int64_t)n;
  }
  return at < end ? at : end;
}

int64_t
mpeg_find_frame(ByteStream* const stream, MpegHeader* const header)
{
  const int64_t first = mpeg_skip_tags(stream);
  if (read_header(stream, first, header) && !header->is_free) {
    // Nothing but a tag or a second frame makes a frame of two bytes 0xFF 0xFB
    const int64_t next = first + header->size;
    uint8_t       byte = 0U;
    if (first || count_frames(stream, first, 2) == 2 ||
        !byte_stream_peek(stream, next, &byte, 1U) ||
        mpeg_is_tag(stream, next)) {
      return first;
    }
  }
  const int64_t end = first + MAX_JUNK;
  for (int64_t at = find_mark(stream, first, end); at < end;
       at         = find_mark(stream, at + 1, end)) {
    if (count_frames(stream, at, N_SURE) == N_SURE) {
      return read_header(stream, at, header) ? at : -1;
    }
  }
  return -1;
}

bool
mpeg_is_tag(ByteStream* const stream, const int64_t at)
{
  static const char* const names[] = {"ID3", "TAG", "APETAGEX", "LYRICSBEGIN"};

  char bytes[11] = {0};
  byte_stream_peek(stream, at, bytes, sizeof(bytes));
  for (size_t i = 0U; i < sizeof(names) / sizeof(names[0]); ++i) {
    if (!memcmp(bytes, names[i], strlen(names[i]))) {
      return true;
    }
  }
  return false;
}
