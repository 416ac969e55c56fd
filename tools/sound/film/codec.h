// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file codec.h

   Codecs of sound that the program ffmpeg writes.
*/

#ifndef GRUS_TOOLS_SOUND_FILM_CODEC_H
#define GRUS_TOOLS_SOUND_FILM_CODEC_H

#include <stdbool.h>
#include <stdint.h>

/// Codecs, those without loss last
typedef enum {
  CODEC_AAC,
  CODEC_OPUS,
  CODEC_VORBIS,
  CODEC_MP3,
  CODEC_MP2,
  CODEC_AC3,
  CODEC_EAC3,
  CODEC_FLAC,
  CODEC_ALAC,
  CODEC_PCM_16,
  CODEC_PCM_24,
  CODEC_PCM_32,
  CODEC_PCM_FLOAT,
  N_CODECS,
} FilmCodec;

/// Return the codec that ffmpeg calls `name`, or its nearest relative;
/// #N_CODECS if there is none
FilmCodec
film_codec_find(const char* name);

/// Return the codec of a format of libsndfile's that has one, else #N_CODECS
FilmCodec
film_codec_of_format(int format);

/// Return ffmpeg's name of what writes a codec
const char*
film_codec_encoder(FilmCodec codec);

/// Return the name of a codec for people
const char*
film_codec_name(FilmCodec codec);

/// Return whether a codec keeps samples as they are
bool
film_codec_is_lossless(FilmCodec codec);

/// Return how many samples an encoder puts before the sound
unsigned
film_codec_padding(FilmCodec codec);

/// Return whether a codec has these channels
bool
film_codec_has_channels(FilmCodec codec, unsigned n_channels);

/// Return a rate that a codec has: this one, else the next higher, else its
/// highest
int
film_codec_rate(FilmCodec codec, int sample_rate);

/**
   Return the numbers that a codec is given, as libsndfile calls them.

   @param numbers Those of the input: floats become 24 bits where there are no
   floats.
*/
int
film_codec_numbers(FilmCodec codec, int numbers);

/**
   Return the bit rate of a codec, 0 if it has none to be chosen.

   @param quality 0 to 1.
*/
unsigned
film_codec_bit_rate(FilmCodec codec, unsigned n_channels, double quality);

#endif // GRUS_TOOLS_SOUND_FILM_CODEC_H
