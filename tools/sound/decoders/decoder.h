// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file decoder.h

   What turns the bytes of a sound file into frames; one file each.  Only
   sound/input.c calls a decoder.
*/

#ifndef GRUS_TOOLS_SOUND_DECODERS_DECODER_H
#define GRUS_TOOLS_SOUND_DECODERS_DECODER_H

#include "sound/input.h"

#include <stddef.h>

/**
   A way to read sound files.

   Its state is `input->state`, its bytes are `input->bytes`.  What is wrong but
   does not end the sound is noted with sound_input_damage() or
   sound_input_warn(), what ends it with sound_input_fail().
*/
struct SoundDecoderImpl {
  /**
     Begin to read and set `input->info`, also `input->layout` and
     `input->order` if it knows the speakers of the channels.

     @return False if this is nothing to be read in this way; maybe after
     sound_input_fail(), which says why.  close() is called in any case.
  */
  bool (*open)(SoundInput* input);

  /// Set the next frames, which last until the next call; none at the end
  void (*next)(SoundInput* input, SoundChunk* chunk);

  /// Free the state, which may be null
  void (*close)(SoundInput* input);
};

extern const SoundDecoder sound_decoder_ffmpeg;  ///< What ffmpeg reads
extern const SoundDecoder sound_decoder_flac;    ///< FLAC by libFLAC
extern const SoundDecoder sound_decoder_mpg123;  ///< MPEG audio by libmpg123
extern const SoundDecoder sound_decoder_opus;    ///< Opus by libopusfile
extern const SoundDecoder sound_decoder_sndfile; ///< All that libsndfile reads
extern const SoundDecoder sound_decoder_vorbis;  ///< Vorbis by libvorbisfile

#endif // GRUS_TOOLS_SOUND_DECODERS_DECODER_H
