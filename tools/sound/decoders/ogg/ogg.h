// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_SOUND_DECODERS_OGG_OGG_H
#define GRUS_TOOLS_SOUND_DECODERS_OGG_OGG_H

#include "sound/decoders/byte_stream.h"

#include <stdbool.h>
#include <stdint.h>

/// Return whether a stream is Ogg and its first packet begins with a text
bool
ogg_begins_with(ByteStream* stream, const char* text);

/// Go to a place as fseek() does; returns -1 in a pipe
int
ogg_seek(ByteStream* stream, int64_t offset, int whence);

/// Return whether what was read to its end ends with a page that says so
bool
ogg_is_whole(ByteStream* stream);

#endif // GRUS_TOOLS_SOUND_DECODERS_OGG_OGG_H
