// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file input.h

   Sound files in: files and the standard input, with or without a header.
*/

#ifndef GRUS_TOOLS_SOUND_INPUT_H
#define GRUS_TOOLS_SOUND_INPUT_H

#include "ffmpeg/media.h"
#include "sound/decoders/byte_stream.h"
#include "sound/decoders/conform.h"
#include "sound/layout/layout.h"
#include "sound/raw_format.h"

#include <sndfile.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  SOUND_FRAMES_UNKNOWN = -1, ///< As `info.frames`: nobody knows before the end
};

/// A way to read sound files
typedef struct SoundDecoderImpl SoundDecoder;

/// What is asked of an input
typedef struct {
  RawFormat raw;   ///< All zero if it tells itself
  uint32_t  track; ///< Sound track of several, from 1; 0: the default
} SoundInputWish;

/// A sound file to read
typedef struct {
  const char*         path; ///< "-" for the standard input
  SF_INFO             info; ///< Its `format` tells what the numbers were
  Layout              layout;
  ChannelOrder        order; ///< Puts the decoder's channels into Grus' order
  SoundInputWish      wish;
  ByteStream          bytes;
  const SoundDecoder* decoder; ///< Null if nothing is open
  void*               state;   ///< The decoder's own
  const MediaFile*    media;   ///< What else is there, null if nobody knows
  SoundChunk          found;   ///< What the decoder found and is not converted
  SoundChunk          chunk;   ///< What is not read yet
  Conform             conform;
  bool                ended;
  int64_t             n_told; ///< Frames that the header tells, or -1
  uint64_t            n_read;
  uint64_t            n_damages;
  double              damage_seconds; ///< Where the first is
  char                fault[256];   ///< Why there is no way to go on, or empty
  char                warning[256]; ///< What is wrong, or empty
} SoundInput;

/// Open a file to read; on failure tell why and return EXIT_FAILED
int
sound_input_open(SoundInput*           input,
                 const char*           path,
                 const SoundInputWish* wish);

/// Return whether the input is the standard input
bool
sound_input_is_pipe(const SoundInput* input);

/**
   Return what was read of a pipe to open it: all that stands before the sound.

   @param size Set to its size, 0 if the input is a file.
   @return Bytes that stay until the input is read.
*/
const void*
sound_input_head(const SoundInput* input, size_t* size);

/// Return whether the input is open
bool
sound_input_is_open(const SoundInput* input);

/**
   Read up to `n` frames.

   @param frames Set to (n, info.channels) floats, interleaved, the channels in
   the order of sound/layout.h.
   @return How many frames there were: fewer than `n` only at the end.
*/
size_t
sound_input_read(SoundInput* input, float* frames, size_t n);

/// Read `n` frames, or as many as there are, that nobody wants
void
sound_input_skip(SoundInput* input, uint64_t n);

/**
   Tell what was wrong with what was read: with all of it, or with a part where
   nobody wants the rest.

   @return EXIT_OK, maybe after a warning, or EXIT_FAILED if there is no sound
   or no way to go on.
*/
int
sound_input_finish(const SoundInput* input);

/// For a decoder: return its state, all zero, or fail for want of memory
void*
sound_input_new_state(SoundInput* input, size_t size);

/// For a decoder: note why there is no way to go on
void
sound_input_fail(SoundInput* input, const char* reason);

/// For a decoder: note what is wrong, as what follows the file's name
void
sound_input_warn(SoundInput* input, const char* text);

/// For a decoder: note that there is something here that is not to be read
void
sound_input_damage(SoundInput* input);

/// Close what is open
void
sound_input_close(SoundInput* input);

#endif // GRUS_TOOLS_SOUND_INPUT_H
