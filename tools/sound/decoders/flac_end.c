// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#define _GNU_SOURCE // memmem

#include "sound/decoders/flac_end.h"

#include "sound/decoders/byte_stream.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
  PIECE      = 1 << 16,
  MAX_FRAME  = 1 << 17, ///< Bytes from the end in which a frame begins
  MAX_HEADER = 16,      ///< Bytes of a frame's header
};

/// How a stream begins: its name, and STREAMINFO of 34 bytes
static const uint8_t magic[] = {'f', 'L', 'a', 'C', 0, 0, 0, 34};

/// Return whether another stream begins in the file
static bool
has_another(ByteStream* const stream)
{
  static uint8_t bytes[PIECE];
  const int64_t  step = PIECE - (int64_t)sizeof(magic);
  size_t         n    = sizeof(bytes);
  for (int64_t at = 1; n == sizeof(bytes); at += step) {
    n = byte_stream_peek(stream, at, bytes, sizeof(bytes));
    if (memmem(bytes, n, magic, sizeof(magic))) {
      return true;
    }
  }
  return false;
}

/// Return the checksum of a header, 0 if the last byte is that of the others
static uint8_t
checksum(const uint8_t* const bytes, const size_t n)
{
  unsigned sum = 0U;
  for (size_t i = 0U; i < n; ++i) {
    sum ^= bytes[i];
    for (unsigned bit = 0U; bit < 8U; ++bit) {
      sum = (sum << 1U) ^ ((sum & 0x80U) ? 0x107U : 0U);
    }
  }
  return (uint8_t)sum;
}

/// Read a number that is written like a letter of UTF-8, return its bytes
static size_t
read_number(const uint8_t* const bytes, uint64_t* const number)
{
  size_t n = 0U;
  while (n < 8U && (bytes[0] & (0x80U >> n))) {
    ++n;
  }
  if (n == 1U || n == 8U) {
    return 0U;
  }

  *number = n ? bytes[0] & (0x7FU >> n) : bytes[0];
  for (size_t i = 1U; i < n; ++i) {
    *number = *number << 6U | (bytes[i] & 0x3FU);
  }
  return n ? n : 1U;
}

/**
   Return where the sound of a FLAC frame ends, or -1 if this is no header.

   @param fixed_size Sound frames of each FLAC frame, where they are numbered.
*/
static int64_t
end_of_frame(const uint8_t* const h, const unsigned fixed_size)
{
  const bool     by_frame = !(h[1] & 1U);
  const unsigned size     = h[2] >> 4U;
  const unsigned rate     = h[2] & 15U;
  uint64_t       number   = 0U;
  const size_t   n_number = read_number(h + 4, &number);
  size_t         n        = 4U + n_number;
  if (h[0] != 0xFFU || (h[1] & 0xFEU) != 0xF8U || !size || rate == 15U ||
      (h[3] & 1U) || !n_number) {
    return -1;
  }

  const unsigned told     = size == 6U   ? h[n] + 1U
                            : size == 7U ? (unsigned)(h[n] << 8U | h[n + 1U]) + 1U
                                         : 0U;
  const unsigned n_frames = told         ? told
                            : size == 1U ? 192U
                            : size < 6U  ? 576U << (size - 2U)
                                         : 256U << (size - 8U);
  n += size == 6U ? 1U : size == 7U ? 2U : 0U;
  n += rate == 12U ? 1U : rate > 12U ? 2U : 0U;
  return checksum(h, n + 1U)
           ? -1
           : (int64_t)(number * (by_frame ? fixed_size : 1U) + n_frames);
}

int64_t
flac_end(ByteStream* const stream)
{
  static uint8_t bytes[MAX_FRAME + MAX_HEADER];
  uint8_t        head[12] = {0};
  const int64_t  size     = byte_stream_size(stream);
  const int64_t  from     = size > MAX_FRAME ? size - MAX_FRAME : 0;
  if (byte_stream_peek(stream, 0, head, sizeof(head)) < sizeof(head) ||
      has_another(stream)) {
    return -1;
  }

  const unsigned fixed_size = (unsigned)(head[8] << 8U | head[9]);
  memset(bytes, 0, sizeof(bytes));
  int64_t end = -1;
  size_t  i   = byte_stream_peek(stream, from, bytes, MAX_FRAME);
  while (i-- > 0U && end < 0) {
    end = bytes[i] == 0xFFU ? end_of_frame(bytes + i, fixed_size) : -1;
  }
  return end;
}
