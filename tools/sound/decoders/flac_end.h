// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_SOUND_DECODERS_FLAC_END_H
#define GRUS_TOOLS_SOUND_DECODERS_FLAC_END_H

#include "sound/decoders/byte_stream.h"

#include <stdint.h>

/**
   Return how many frames of sound a file of one FLAC stream has, as its last
   FLAC frame tells, which the header need not do.

   @param stream A file, at the beginning of a FLAC stream.
   @return -1 if the end is not found, or where another stream follows.
*/
int64_t
flac_end(ByteStream* stream);

#endif // GRUS_TOOLS_SOUND_DECODERS_FLAC_END_H
