// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file id3.h

   ID3v2 tags, which MP3 files begin with, and which WAV and AIFF files have in
   a chunk.
*/

#ifndef GRUS_TOOLS_METADATA_ID3_H
#define GRUS_TOOLS_METADATA_ID3_H

#include "metadata/buffer.h"
#include "metadata/metadata.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ID3_HEAD_SIZE = 10 };

/// Return the size of the whole tag that begins with a header, 0 if none does
size_t
id3_size(const uint8_t head[ID3_HEAD_SIZE]);

/**
   Add the frames of a tag of any version.

   Frames that are no text, picture or chapter become chunks of METADATA_ID3.

   @return Whether all of them may stay as they are: none describes the bytes
   of the sound.
*/
bool
id3_read(Metadata* metadata, const uint8_t* tag, size_t size);

/// Read the tag that is chunk `i`, and map it.  Frames become chunks as well,
/// so that the array of chunks may be elsewhere afterwards.
void
id3_read_chunk(Metadata* metadata, size_t i);

/// Make a tag of all texts, pictures and frames, and of the markers if
/// `chapters`
void
id3_build(const Metadata* metadata, bool chapters, Buffer* tag);

#endif // GRUS_TOOLS_METADATA_ID3_H
