// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file mpeg_header.h

   Where the frames of MPEG audio are, which no file header tells.
*/

#ifndef GRUS_TOOLS_SOUND_DECODERS_MPEG_MPEG_HEADER_H
#define GRUS_TOOLS_SOUND_DECODERS_MPEG_MPEG_HEADER_H

#include "sound/decoders/byte_stream.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What the first four bytes of a frame tell
typedef struct {
  unsigned layer;       ///< 1 to 3
  unsigned sample_rate; ///< Hz
  unsigned size;        ///< Bytes with these four
  bool     is_free;     ///< It does not tell its bit rate, nor its size
} MpegHeader;

/// Read a header, return false if these bytes are none that tells a size
bool
mpeg_header_parse(const uint8_t bytes[4], MpegHeader* header);

/// Return where what follows any ID3v2 tags begins
int64_t
mpeg_skip_tags(ByteStream* stream);

/**
   Find the first frame behind tags and, within reason, junk.

   @return Its place, or -1 if this is no MPEG audio.
*/
int64_t
mpeg_find_frame(ByteStream* stream, MpegHeader* header);

/// Return whether a tag of a known kind begins at a place
bool
mpeg_is_tag(ByteStream* stream, int64_t at);

#endif // GRUS_TOOLS_SOUND_DECODERS_MPEG_MPEG_HEADER_H
