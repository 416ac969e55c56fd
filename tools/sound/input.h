// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file input.h

   Sound files in: files and the standard input, with or without a header.
*/

#ifndef GRUS_TOOLS_SOUND_INPUT_H
#define GRUS_TOOLS_SOUND_INPUT_H

#include <sndfile.h>

#include <stdint.h>

/// Rate and channels of raw sound, which says nothing about itself
typedef struct {
  uint32_t sample_rate; ///< 0 if the input is not raw
  uint32_t n_channels;
} RawFormat;

/// A sound file to read
typedef struct {
  const char* path; ///< "-" for the standard input
  SNDFILE*    file;
  SF_INFO     info;
} SoundInput;

/// Open a file to read; on failure tell why and return EXIT_FAILED
int
sound_input_open(SoundInput* input, const char* path, RawFormat raw);

/// Close what is open
void
sound_input_close(SoundInput* input);

#endif // GRUS_TOOLS_SOUND_INPUT_H
