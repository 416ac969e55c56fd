// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file streams.h

   Which streams of a film go along with its clean sound.
*/

#ifndef GRUS_TOOLS_SOUND_FILM_STREAMS_H
#define GRUS_TOOLS_SOUND_FILM_STREAMS_H

#include "ffmpeg/media.h"
#include "ffmpeg/program.h"
#include "sound/film/container.h"

#include <stddef.h>

/// What becomes of a stream
typedef enum {
  STREAM_LEFT,      ///< The container cannot hold it
  STREAM_COPIED,    ///< Bit for bit
  STREAM_CONVERTED, ///< Subtitles in another form
  STREAM_CLEANED,   ///< It is the sound that is written
  STREAM_MADE,      ///< ffmpeg makes it anew from what else it is told
} StreamFate;

enum { STREAMS_LIST_SIZE = 300 };

/// What becomes of all streams of a file
typedef struct {
  StreamFate* fates; ///< One for each stream of the file
  size_t      n;
  char        left[STREAMS_LIST_SIZE]; ///< Names of those that are left out
} FilmStreams;

/**
   Find out which streams a container takes, by trial.

   @param streams Set, to be freed with film_streams_free().
   @param paths Of input and output, for errors.
   @return EXIT_OK, or EXIT_USAGE after telling that the moving picture would
   be lost, or EXIT_FAILED without memory.
*/
int
film_streams_plan(FilmStreams*         streams,
                  const MediaFile*     media,
                  const FilmContainer* container,
                  const char* const    paths[2]);

/// Add the options that copy or convert stream `i`, which is the output's
/// stream `n`
void
film_streams_add_codec(const FilmStreams*   streams,
                       const MediaFile*     media,
                       const FilmContainer* container,
                       size_t               i,
                       size_t               n,
                       Arguments*           arguments);

/// Free the plan
void
film_streams_free(FilmStreams* streams);

#endif // GRUS_TOOLS_SOUND_FILM_STREAMS_H
