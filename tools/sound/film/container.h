// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file container.h

   Containers that the program ffmpeg writes, and which sound goes into them.
*/

#ifndef GRUS_TOOLS_SOUND_FILM_CONTAINER_H
#define GRUS_TOOLS_SOUND_FILM_CONTAINER_H

#include "ffmpeg/program.h"
#include "sound/film/codec.h"
#include "sound/format.h"
#include "sound/input.h"

#include <sndfile.h>

#include <stdbool.h>
#include <stddef.h>

enum { FILM_MOST_CODECS = 13 };

/// A container
typedef struct {
  const char* name;     ///< And ending of its files
  const char* muxer;    ///< As ffmpeg calls it
  const char* subtitle; ///< Codec that other texts become, null for none
  bool        pictures; ///< Whether it is one of moving pictures
  bool        streamed; ///< It can be written to a pipe
  bool        covers;   ///< It holds pictures that do not move
  bool        attached; ///< Those are attachments
  bool        timed;    ///< Its sound may begin at any time
  bool        skips;    ///< It tells what a player skips of each sound's start
  bool        annex_b;  ///< Packets of H.264 and HEVC begin with start codes
  bool        lax;      ///< ffmpeg writes what it cannot name, too
  FilmCodec   lossy;    ///< What all sound becomes that it has no codec for
  FilmCodec   lossless; ///< What sound becomes that has no loss yet
  FilmCodec   codecs[FILM_MOST_CODECS]; ///< Ends with #N_CODECS, if it does
} FilmContainer;

/// How the sound of a file is written
typedef struct {
  const FilmContainer* container; ///< Null if libsndfile writes it
  FilmCodec            given;     ///< That of the input, #N_CODECS for others
  FilmCodec            codec;
  unsigned             bit_rate; ///< 0 for the encoder's own
  double               quality;  ///< 0 to 1, NaN for the default
} FilmFormat;

/// Return the container that is wished for, null if that is no film
const FilmContainer*
film_container_find(const SoundFormatWish* wish);

/**
   Add the options that copy a stream.

   @param codec As ffmpeg calls it.
   @param n Number of the stream in the output.
*/
void
film_container_copy(const FilmContainer* container,
                    const char*          codec,
                    size_t               n,
                    Arguments*           arguments);

/**
   Refuse a wish that cannot be fulfilled, as without ffmpeg.

   @return EXIT_OK, or EXIT_USAGE after telling why.
*/
int
film_container_check(const FilmContainer*   container,
                     const SoundFormatWish* wish);

/**
   Choose codec, rate and numbers.

   The codec stays what it is where the container has it.  Sound of whole
   numbers is wished for with `wish->bits`.

   @param quality 0 to 1, or NaN for the default.
   @param info Set to what is to be written into the pipe to ffmpeg.
   @return EXIT_OK, or EXIT_USAGE after telling why.
*/
int
film_format_choose(FilmFormat*            film,
                   const FilmContainer*   container,
                   const SoundFormatWish* wish,
                   double                 quality,
                   const SoundInput*      input,
                   SF_INFO*               info);

#endif // GRUS_TOOLS_SOUND_FILM_CONTAINER_H
