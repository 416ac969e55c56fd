// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file decoder.h

   What turns the bytes of a sound file into frames; one file each.  Only
   sound/input.c calls a decoder.
*/

#ifndef GRUS_TOOLS_SOUND_DECODER_H
#define GRUS_TOOLS_SOUND_DECODER_H

#include "sound/input.h"

#include <stddef.h>

/// A way to read sound files, with its state in `input->state`
struct SoundDecoderImpl {
  /**
     Begin to read `input->path` and set `input->info`, also `input->layout` and
     `input->order` if it knows the speakers of the channels.

     On failure tell why and return EXIT_FAILED; close() is called then too.
  */
  int (*open)(SoundInput* input, RawFormat raw);

  /// Read up to `n` frames, fewer only where the sound ends
  size_t (*read)(SoundInput* input, float* frames, size_t n);

  /// Free the state, which may be null
  void (*close)(SoundInput* input);
};

/// What libsndfile reads
extern const SoundDecoder sound_decoder_sndfile;

#endif // GRUS_TOOLS_SOUND_DECODER_H
