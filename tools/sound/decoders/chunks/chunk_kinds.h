// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file chunk_kinds.h

   How the kinds of files of chunks lay them out, and a walk over them.
*/

#ifndef GRUS_TOOLS_SOUND_DECODERS_CHUNKS_CHUNK_KINDS_H
#define GRUS_TOOLS_SOUND_DECODERS_CHUNKS_CHUNK_KINDS_H

#include "sound/decoders/byte_stream.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MAX_CHUNKS = 1 << 16 }; ///< Where a file has more, it is no sound file

/// How a kind of file lays out its chunks
typedef struct {
  const char* magic;        ///< The first four bytes
  const char* kind;         ///< Bytes 8 to 12, or null
  const char* data;         ///< Name of the chunk of samples
  const char* format;       ///< Name of the chunk that tells what they are
  bool        big_endian;   ///< Of sizes
  bool        counts_all;   ///< Whether a size counts the chunk's header
  bool        may_be_empty; ///< Whether -1 is a legal size of the last chunk
  size_t      name_size;
  size_t      size_size;
  size_t      data_header; ///< Bytes in the chunk before the samples
  int64_t     align;
  int64_t     first; ///< Where the first chunk is
} ChunkKind;

/// A chunk as its header tells
typedef struct {
  char    name[17];
  int64_t at;   ///< Of its header
  int64_t body; ///< Of its contents
  int64_t size; ///< Of its contents, as told; -1 for all that makes no sense
} Chunk;

/// Load a number; -1 if it makes no sense as a size
int64_t
chunk_load(const uint8_t* bytes, size_t size, bool big_endian);

/// Store a number and return what follows it
uint8_t*
chunk_store(uint8_t* bytes, size_t size, bool big_endian, int64_t value);

/// Return the kind of the file that begins at a place, or null
const ChunkKind*
chunk_kind_at(ByteStream* stream, int64_t at);

/// Read the header of a chunk, return false if there is none
bool
chunk_read(ByteStream* stream, const ChunkKind* kind, int64_t at, Chunk* chunk);

/// Return whether a chunk holds samples
bool
chunk_is_data(const ChunkKind* kind, const Chunk* chunk);

/**
   Return where the next chunk begins.

   Some programs forget the zero byte behind an odd one.
*/
int64_t
chunk_end(ByteStream*      stream,
          const ChunkKind* kind,
          int64_t          body,
          int64_t          size);

/// Walk over whole chunks that hold no samples, return where there is none any
/// more
int64_t
chunk_walk(ByteStream* stream, const ChunkKind* kind, int64_t at);

#endif // GRUS_TOOLS_SOUND_DECODERS_CHUNKS_CHUNK_KINDS_H
