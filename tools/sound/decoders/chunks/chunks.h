// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file chunks.h

   Where the samples of a file of chunks are.  The sizes in its header lie
   where a recorder died or a pipe was written, so what is there counts.
*/

#ifndef GRUS_TOOLS_SOUND_DECODERS_CHUNKS_CHUNKS_H
#define GRUS_TOOLS_SOUND_DECODERS_CHUNKS_CHUNKS_H

#include "sound/decoders/byte_stream.h"

#include <stdbool.h>
#include <stdint.h>

/// How the size in the header and the bytes in the file agree
typedef enum {
  CHUNKS_AGREE,
  CHUNKS_UNTOLD, ///< The header tells no size, and may not do so
  CHUNKS_CUT,    ///< The file ends before what the header tells
  CHUNKS_MORE,   ///< There are bytes behind the sound that are no chunks
} ChunksFault;

/// Where the samples are; places count from the beginning of the stream's part
typedef struct {
  uint16_t    codec;    ///< Of a WAV file, else 0
  int64_t     codec_at; ///< Of the fmt chunk that tells it, else 0
  int64_t     data_at;  ///< The first byte of the samples
  int64_t     size;     ///< Bytes of samples, -1 if nobody knows
  int64_t     told;     ///< What the header says, -1 if it says nothing
  int64_t     end;      ///< Of all that belongs to the file, -1 as `size`
  int64_t     next;     ///< Another file that follows, or -1
  int64_t     n_behind; ///< Bytes that are no part of anything
  int64_t     size_at;  ///< The header's size of the samples
  int64_t     ds64;     ///< RF64's sizes of 64 bits, or 0
  const void* layout;   ///< Of chunks, null for AU
  ChunksFault fault;
} Chunks;

/**
   Find the samples of WAV, RF64, W64, AIFF, CAF and AU.

   @return False if this is none of them or has no samples.
*/
bool
chunks_find(ByteStream* stream, Chunks* chunks);

/// Return where another file follows the samples, also in a pipe, or -1
int64_t
chunks_next(ByteStream* stream, const Chunks* chunks);

/**
   Have the stream read as if its header had told the right size.

   @return How many bytes the file is to be taken for.
*/
int64_t
chunks_mend(ByteStream* stream, const Chunks* chunks);

#endif // GRUS_TOOLS_SOUND_DECODERS_CHUNKS_CHUNKS_H
