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

/// What is asked of a sound file
typedef struct {
  const char* path; ///< Its ending names the format if nothing else does
  const char* name; ///< Of the format, null to leave it to the ending
  const char* bits; ///< "16", "24", "32" or "float", null for the input's
  uint32_t    rate; ///< 0 for the input's
} SoundFormatWish;

/**
   Refuse a wish for a format that cannot be written: its name, or an ending
   that names another, like .docx.

   @return EXIT_OK, or EXIT_USAGE after telling why.
*/
int
sound_format_check(const SoundFormatWish* wish);

/// Refuse a wish for bits that there are not, like sound_format_check()
int
sound_format_check_bits(const SoundFormatWish* wish);

/// Return what names the format: never null, maybe empty
const char*
sound_format_name(const SoundFormatWish* wish);

/**
   Choose rate and format of an output file.

   Without a name and an ending the format is that of the input, else WAV.
   Numbers stay what they are where the container has them, else become the
   nearest that it has; so does the rate, if it is not wished for.  WAV becomes
   RF64 when it would pass 4 GB.

   @param input Its `frames` may be negative: not known.
   @param output Set to rate, channels, frames and a format that libsndfile
   opens.
   @return EXIT_OK, or EXIT_USAGE after telling why.
*/
int
sound_format_choose(const SoundFormatWish* wish,
                    const SF_INFO*         input,
                    SF_INFO*               output);

/// Return how many frames there are at another rate: none is lost
int64_t
sound_format_frames(int64_t n_frames, int from_rate, int to_rate);

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
