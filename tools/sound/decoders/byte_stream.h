// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file byte_stream.h

   The bytes of a sound file or of a pipe, as all decoders read them.  A pipe
   can be gone back in as well: to its beginning until it is settled, and by
   BYTE_STREAM_BACK bytes afterwards.
*/

#ifndef GRUS_TOOLS_SOUND_DECODERS_BYTE_STREAM_H
#define GRUS_TOOLS_SOUND_DECODERS_BYTE_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  BYTE_STREAM_BACK = 1 << 17, ///< Bytes
  BYTE_STREAM_HEAD = 4096,    ///< Most bytes in front of the part
};

/// Where bytes come from; places count from the head, then from `first`
typedef struct {
  int      fd;
  bool     seekable;
  bool     settled;  ///< Nobody goes back to the beginning of a pipe any more
  int      error;    ///< What errno was once reading failed, else 0
  int64_t  base;     ///< Where the file began on its descriptor
  int64_t  first;    ///< Where the part that is read begins
  int64_t  end;      ///< Where it ends, INT64_MAX if nobody knows
  int64_t  file_end; ///< Where the file ends
  int64_t  place;    ///< Of the byte that is read next
  uint8_t* kept;     ///< Bytes from `kept_at` on
  int64_t  kept_at;  ///< From the beginning of the file
  size_t   n_kept;
  size_t   capacity;
  uint8_t  head[BYTE_STREAM_HEAD]; ///< Is read in front of the part
  size_t   n_head;
} ByteStream;

/**
   Open a file, "-" for the standard input; returns false with errno set.

   A named pipe is opened at once and does not wait: that is up to the caller.
*/
bool
byte_stream_open(ByteStream* stream, const char* path);

/// Read what a descriptor gives, which is closed in the end
void
byte_stream_use(ByteStream* stream, int fd);

/// Read all of the file again
void
byte_stream_rewind(ByteStream* stream);

/// Return the size of the part that is read, -1 if nobody knows
int64_t
byte_stream_size(const ByteStream* stream);

/// Read `n` bytes; fewer only at the end or where reading fails
size_t
byte_stream_read(ByteStream* stream, void* bytes, size_t n);

/// Go to a place; reading tells whether there is anything
void
byte_stream_seek(ByteStream* stream, int64_t place);

/// Read `n` bytes at a place and stay where we are
size_t
byte_stream_peek(ByteStream* stream, int64_t place, void* bytes, size_t n);

/// From here on read only a part, and go to its beginning
void
byte_stream_window(ByteStream* stream, int64_t first, int64_t end);

/// Have bytes read in front of the part, at most BYTE_STREAM_HEAD
void
byte_stream_put_head(ByteStream* stream, const void* bytes, size_t size);

/// Return where a place of the part is from the beginning of the file
int64_t
byte_stream_origin(const ByteStream* stream, int64_t place);

/// Forget the beginning of a pipe
void
byte_stream_settle(ByteStream* stream);

/// Close the file, but not the standard input
void
byte_stream_close(ByteStream* stream);

#endif // GRUS_TOOLS_SOUND_DECODERS_BYTE_STREAM_H
