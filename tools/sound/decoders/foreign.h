// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file foreign.h

   What a file is that holds no sound, or none that may be read.
*/

#ifndef GRUS_TOOLS_SOUND_DECODERS_FOREIGN_H
#define GRUS_TOOLS_SOUND_DECODERS_FOREIGN_H

#include "sound/decoders/byte_stream.h"

#include <stdbool.h>
#include <stddef.h>

/**
   Tell what is wrong with a file that nothing can read.

   @param stream At its beginning, of which only that is looked at.
   @param text Set, after the name of the file: "it is ..."; empty if nobody
   knows.
*/
void
foreign_explain(ByteStream* stream, char* text, size_t size);

/// Return whether an MP4 file has sound that a shop has locked
bool
foreign_is_locked(ByteStream* stream);

#endif // GRUS_TOOLS_SOUND_DECODERS_FOREIGN_H
