// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file film.h

   Files that the program ffmpeg writes: sound that comes through a pipe, and
   beside it all that the input has but its sound.
*/

#ifndef GRUS_TOOLS_SOUND_FILM_FILM_H
#define GRUS_TOOLS_SOUND_FILM_FILM_H

#include "ffmpeg/program.h"
#include "files/output.h"
#include "sound/film/call.h"
#include "sound/film/container.h"
#include "sound/film/streams.h"
#include "sound/input.h"
#include "sound/layout/plan.h"

#include <stdbool.h>

/// A file that ffmpeg writes, all zero if there is none
typedef struct {
  FilmFormat  format;
  FilmStreams streams;
  Program     program;
  OutputFile  pipe; ///< Takes the sound
  bool        is_open;
} Film;

/**
   Plan how to keep a layout in a film.

   @param plan What layout_plan() has set for the pipe.
   @return EXIT_OK, or EXIT_USAGE after telling that the codec has no such
   speakers.
*/
int
film_plan_layout(LayoutPlan* plan, const FilmFormat* format, const char* path);

/// Find out what goes along; see film_streams_plan()
int
film_plan_streams(Film*             film,
                  const FilmFormat* format,
                  const SoundInput* input,
                  const char*       path);

/**
   Start ffmpeg, which reads sound from `film->pipe`.

   @param place Where it writes, which is open.
   @param sample_rate Of what comes through the pipe, Hz.
   @return EXIT_OK, or EXIT_FAILED after telling why.
*/
int
film_open(Film*             film,
          const FilmExtras* extras,
          const SoundInput* input,
          const OutputFile* place,
          int               sample_rate);

/**
   Wait until all is written, once all sound is.

   @param reason Set to why it could not be written, empty if it could.
   @return Whether it could.
*/
bool
film_finish(Film* film, char reason[PROGRAM_REASON]);

/// Forget the film, and end ffmpeg if it still writes
void
film_abandon(Film* film);

#endif // GRUS_TOOLS_SOUND_FILM_FILM_H
