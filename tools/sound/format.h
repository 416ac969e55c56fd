// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file format.h

   Which container and which numbers a sound file is written in.
*/

#ifndef GRUS_TOOLS_SOUND_FORMAT_H
#define GRUS_TOOLS_SOUND_FORMAT_H

#include <sndfile.h>

#include <stdbool.h>
#include <stdint.h>

/**
   Choose the format of an output file.

   The container is `name` if it is not null, else what the ending of `path`
   says, else that of the input.  Numbers stay what they are where the
   container has them, or become `bits` ("16", "24", "32" or "float") if that
   is not null.  WAV becomes RF64 when `n_frames` would pass 4 GB.

   @param format Set to a format that libsndfile accepts.
   @return EXIT_OK, or EXIT_USAGE after telling why.
*/
int
sound_format_choose(const char*    name,
                    const char*    bits,
                    const char*    path,
                    const SF_INFO* input,
                    int64_t        n_frames,
                    int*           format);

/// Return the bits of a whole-number format, 0 for all others
unsigned
sound_format_bits(int format);

/// Return whether a format needs no going back to be written
bool
sound_format_is_stream(int format);

/// Return libsndfile's name of the numbers of a format, like "16 bit PCM"
const char*
sound_format_numbers(int format);

#endif // GRUS_TOOLS_SOUND_FORMAT_H
