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
#include "sound/layout/core_audio.h"

#include <stdbool.h>
#include <stddef.h>
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
  int         format;   ///< Of the container, as libsndfile numbers them
  int64_t     first;    ///< Where the part begins in the stream
  int64_t     last;     ///< Where it ends, INT64_MAX if nobody knows
  int64_t     data_at;  ///< The first byte of the samples
  int64_t     size;     ///< Bytes of samples, -1 if nobody knows
  int64_t     told;     ///< What the header says, -1 if it says nothing
  int64_t     next;     ///< Where more sound follows, or -1
  bool        is_more;  ///< It is more samples, not another file
  int64_t     n_behind; ///< Bytes that are no part of anything
  const void* kind;     ///< Of chunks, null for AU
  ChunksFault fault;
  uint8_t     head[BYTE_STREAM_HEAD]; ///< What is to be read before them
  size_t      n_head;                 ///< 0: the file itself is
  uint8_t     speakers[CORE_AUDIO_LAYOUT_SIZE]; ///< An AudioChannelLayout
  size_t      n_speakers;                       ///< Bytes of it, or 0
} Chunks;

/**
   Find the samples of WAV, RF64, W64, AIFF, CAF and AU.

   @return False if this is none of them or has no samples.
*/
bool
chunks_find(ByteStream* stream, Chunks* chunks);

/// Go to the sound behind these samples, also in a pipe; false: there is none
bool
chunks_next(ByteStream* stream, Chunks* chunks);

/**
   Have the stream read as a file of nothing but a header and these samples.

   @return How many bytes the file is to be taken for.
*/
int64_t
chunks_present(ByteStream* stream, const Chunks* chunks);

#endif // GRUS_TOOLS_SOUND_DECODERS_CHUNKS_CHUNKS_H
