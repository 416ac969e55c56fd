// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file call.h

   What ffmpeg is told to write a film: inputs, streams, codecs, texts.
*/

#ifndef GRUS_TOOLS_SOUND_FILM_CALL_H
#define GRUS_TOOLS_SOUND_FILM_CALL_H

#include "ffmpeg/media.h"
#include "ffmpeg/program.h"
#include "files/output.h"
#include "sound/film/container.h"
#include "sound/film/streams.h"

#include <stddef.h>

enum { FILM_MOST_COVERS = 4 };

/// A picture that goes with the sound
typedef struct {
  const void* data;
  size_t      size;
  const char* mime; ///< Like "image/png"
} FilmCover;

/// What to write beside the sound
typedef struct {
  const char* tags; ///< In ffmpeg's own form, for an input that ffmpeg does not
                    ///< read itself; null for none
  FilmCover covers[FILM_MOST_COVERS];
  size_t    n_covers;
} FilmExtras;

/// A call of ffmpeg that is put together
typedef struct {
  const FilmFormat*  format;
  const FilmStreams* streams;
  const FilmExtras*  extras;
  const MediaFile*   media; ///< Null if ffmpeg does not read the input
  const OutputFile*  place;
  int                sample_rate;
  Arguments          arguments;
  ProgramFd          fds[PROGRAM_MAX_FDS];
  size_t             n_fds;
  size_t             n_own;     ///< Of these, the last ones are closed here
  size_t             n_inputs;  ///< So far
  size_t             n_streams; ///< Of the output so far
} FilmCall;

/**
   Add all arguments and descriptors but the pipe with the sound, which is to be
   the standard input.

   @param call `fds` has what opens the input; what is added has to be closed.
   @return 0, or -1 and errno.
*/
int
film_call_build(FilmCall* call);

#endif // GRUS_TOOLS_SOUND_FILM_CALL_H
