// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file chunk_head.h

   A header for samples that stand in a file of chunks, made anew.

   It holds what tells how to read the samples and nothing else: no library
   that reads it comes upon a chunk that it does not know, and no size in it
   lies.
*/

#ifndef GRUS_TOOLS_SOUND_DECODERS_CHUNKS_CHUNK_HEAD_H
#define GRUS_TOOLS_SOUND_DECODERS_CHUNKS_CHUNK_HEAD_H

#include "sound/decoders/byte_stream.h"
#include "sound/decoders/chunks/chunk_kinds.h"

#include <stddef.h>
#include <stdint.h>

/// The chunks that tell how to read the samples; `size` is 0 for none
typedef struct {
  Chunk format;
  Chunk fact;
} FormatChunks;

/**
   Make a header.

   WAV and its relatives become WAV; AIFF and CAF with plain numbers become CAF,
   all others stay what they are.

   @param size Bytes of the samples, a large number if nobody knows.
   @param head Set, BYTE_STREAM_HEAD bytes.
   @return Its size, 0 if the file is to be read as it is.
*/
size_t
chunk_head_make(ByteStream*         stream,
                const ChunkKind*    kind,
                const FormatChunks* chunks,
                int64_t             size,
                uint8_t*            head);

/// Make a header of an AU file of any length
size_t
chunk_head_make_au(ByteStream* stream, uint8_t* head);

#endif // GRUS_TOOLS_SOUND_DECODERS_CHUNKS_CHUNK_HEAD_H
