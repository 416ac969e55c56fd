// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/decoders/byte_stream.h"

#include <sys/stat.h>
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
  PIECE     = 1 << 16, ///< Bytes that are read at once
  MOST_KEPT = 1 << 30, ///< Of a pipe's beginning
};

bool
byte_stream_open(ByteStream* const stream, const char* const path)
{
  const bool  standard = !strcmp(path, "-");
  struct stat info;
  const bool  is_fifo =
    !standard && !stat(path, &info) && S_ISFIFO(info.st_mode);
  const int flags = O_RDONLY | O_CLOEXEC | (is_fifo ? O_NONBLOCK : 0);

  memset(stream, 0, sizeof(*stream));
  stream->end = INT64_MAX;
  stream->fd  = standard ? STDIN_FILENO : open(path, flags);
  if (stream->fd < 0 || fstat(stream->fd, &info)) {
    return false;
  }

  const off_t place = lseek(stream->fd, 0, SEEK_CUR);
  stream->seekable  = S_ISREG(info.st_mode) && place >= 0;
  if (stream->seekable) {
    stream->base = place;
    stream->end  = info.st_size > place ? info.st_size - place : 0;
  }
  stream->file_end = stream->end;
  return true;
}

void
byte_stream_use(ByteStream* const stream, const int fd)
{
  memset(stream, 0, sizeof(*stream));
  stream->fd       = fd;
  stream->end      = INT64_MAX;
  stream->file_end = INT64_MAX;
}

void
byte_stream_rewind(ByteStream* const stream)
{
  byte_stream_window(stream, 0, stream->file_end);
}

int64_t
byte_stream_size(const ByteStream* const stream)
{
  return stream->end == INT64_MAX
           ? -1
           : stream->end - stream->first + (int64_t)stream->n_head;
}

/// Return how many bytes are kept from a place on
static size_t
kept_from(const ByteStream* const stream, const int64_t at)
{
  const int64_t kept_end = stream->kept_at + (int64_t)stream->n_kept;
  return at >= stream->kept_at && at < kept_end ? (size_t)(kept_end - at) : 0U;
}

/// Have room for a piece, return false if there is no memory
static bool
make_room(ByteStream* const stream)
{
  if (stream->capacity - stream->n_kept >= PIECE) {
    return true;
  }

  const size_t   capacity = (2U * stream->capacity) + (2U * PIECE);
  uint8_t* const kept =
    capacity <= MOST_KEPT ? (uint8_t*)realloc(stream->kept, capacity) : NULL;
  if (!kept) {
    stream->error = ENOMEM;
    return false;
  }
  stream->kept     = kept;
  stream->capacity = capacity;
  return true;
}

/// Drop what is kept of a pipe for longer than anybody goes back
static void
drop_old(ByteStream* const stream)
{
  if (stream->settled && stream->n_kept > 4U * BYTE_STREAM_BACK) {
    const size_t n_old = stream->n_kept - BYTE_STREAM_BACK;
    memmove(stream->kept, stream->kept + n_old, BYTE_STREAM_BACK);
    stream->kept_at += (int64_t)n_old;
    stream->n_kept = BYTE_STREAM_BACK;
  }
}

/// Read a piece behind what is kept, return whether there was any
static bool
read_piece(ByteStream* const stream)
{
  const int64_t at = stream->base + stream->kept_at + (int64_t)stream->n_kept;
  if (stream->error || !make_room(stream)) {
    return false;
  }

  ssize_t        n     = 0;
  uint8_t* const bytes = stream->kept + stream->n_kept;
  do {
    n = stream->seekable ? pread(stream->fd, bytes, PIECE, at)
                         : read(stream->fd, bytes, PIECE);
  } while (n < 0 && errno == EINTR);

  if (n < 0) {
    stream->error = errno;
  }
  stream->n_kept += n > 0 ? (size_t)n : 0U;
  return n > 0;
}

/// Have the bytes from a place on kept, return how many there are
static size_t
fill(ByteStream* const stream, const int64_t at)
{
  if (stream->seekable && !kept_from(stream, at)) {
    stream->kept_at = at;
    stream->n_kept  = 0U;
  }
  while (!kept_from(stream, at)) {
    drop_old(stream);
    if (at < stream->kept_at || !read_piece(stream)) {
      return 0U;
    }
  }
  return kept_from(stream, at);
}

/// Read what is kept at a place, return how many bytes
static size_t
read_kept(ByteStream* const stream,
          const int64_t     at,
          uint8_t* const    bytes,
          const size_t      n)
{
  const size_t  n_kept = fill(stream, at);
  const int64_t n_left = stream->end - at;
  size_t        n_read = n < n_kept ? n : n_kept;
  if ((int64_t)n_read > n_left) {
    n_read = (size_t)n_left;
  }
  if (!n_read) {
    return 0U;
  }

  memcpy(bytes, stream->kept + (at - stream->kept_at), n_read);
  return n_read;
}

int64_t
byte_stream_origin(const ByteStream* const stream, const int64_t place)
{
  return stream->first + place - (int64_t)stream->n_head;
}

/// Read what is there at once, return how many bytes
static size_t
read_some(ByteStream* const stream, uint8_t* const bytes, const size_t n)
{
  if (stream->place < (int64_t)stream->n_head) {
    const size_t at     = (size_t)stream->place;
    const size_t n_left = stream->n_head - at;
    const size_t n_read = n < n_left ? n : n_left;
    memcpy(bytes, stream->head + at, n_read);
    return n_read;
  }

  const int64_t at = byte_stream_origin(stream, stream->place);
  return at < stream->end ? read_kept(stream, at, bytes, n) : 0U;
}

size_t
byte_stream_read(ByteStream* const stream, void* const bytes, const size_t n)
{
  size_t n_read = 0U;
  size_t n_new  = 1U;
  while (n_new && n_read < n) {
    n_new = read_some(stream, (uint8_t*)bytes + n_read, n - n_read);
    n_read += n_new;
    stream->place += (int64_t)n_new;
  }
  return n_read;
}

void
byte_stream_seek(ByteStream* const stream, const int64_t place)
{
  const int64_t furthest = INT64_MAX / 4;
  stream->place          = place < 0 ? 0 : place < furthest ? place : furthest;
}

size_t
byte_stream_peek(ByteStream* const stream,
                 const int64_t     place,
                 void* const       bytes,
                 const size_t      n)
{
  const int64_t old = stream->place;
  byte_stream_seek(stream, place);
  const size_t n_read = byte_stream_read(stream, bytes, n);
  stream->place       = old;
  return n_read;
}

void
byte_stream_window(ByteStream* const stream,
                   const int64_t     first,
                   const int64_t     end)
{
  stream->first  = first;
  stream->end    = end;
  stream->place  = 0;
  stream->n_head = 0U;
}

void
byte_stream_put_head(ByteStream* const stream,
                     const void* const bytes,
                     const size_t      size)
{
  stream->n_head = size < BYTE_STREAM_HEAD ? size : BYTE_STREAM_HEAD;
  stream->place  = 0;
  memcpy(stream->head, bytes, stream->n_head);
}

void
byte_stream_settle(ByteStream* const stream)
{
  stream->settled = true;
}

void
byte_stream_close(ByteStream* const stream)
{
  if (stream->fd > STDIN_FILENO) {
    close(stream->fd);
  }
  free(stream->kept);
  memset(stream, 0, sizeof(*stream));
}
