// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file output.h

   Sound files out.  An output is written beside its place and takes it only
   when it is whole, so that nothing half done is ever found there.
*/

#ifndef GRUS_TOOLS_SOUND_OUTPUT_H
#define GRUS_TOOLS_SOUND_OUTPUT_H

#include "files/output.h"
#include "sound/dither.h"
#include "sound/film/container.h"
#include "sound/film/film.h"
#include "sound/input.h"
#include "sound/layout/plan.h"
#include "sound/rate.h"
#include "sound/sink.h"

#include <sndfile.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// What to write
typedef struct {
  const char*  path; ///< "-" for the standard output
  OutputPolicy policy;
  SF_INFO      info;  ///< As sound_format_choose() sets it
  double     quality; ///< 0 to 1, of lossy formats; compression of FLAC; or NaN
  FilmFormat film;    ///< As film_format_choose() sets it, or all zero
  FilmExtras extras;  ///< What a film is given beside its sound
} SoundOutputConfig;

/// A sound file to write
typedef struct {
  const char* path;
  OutputFile  place;
  Film        film; ///< What writes to that place, if not libsndfile
  SoundSink   sink;
  SNDFILE*    file;
  int         format;
  int         n_channels;
  LayoutPlan  plan;    ///< Where the channels go
  bool        own_w64; ///< The header is not libsndfile's
  SoundRate   rate;    ///< From the input's
  Dither      dither;
  uint64_t    n_clipped; ///< Samples beyond what whole numbers can hold
  bool        failed;    ///< Whether the sound could not be finished
} SoundOutput;

/**
   Open a file to write what is read from `input`.

   @param output Must stay where it is until it is finished or abandoned.
   @return EXIT_OK, or after telling why EXIT_FAILED, or EXIT_USAGE if the
   format cannot hold the speakers of the input; nothing is left then.
*/
int
sound_output_open(SoundOutput*             output,
                  const SoundOutputConfig* config,
                  const SoundInput*        input);

/**
   Write `n` frames of the input's rate, rounded and dithered where the file
   holds whole numbers.

   @param frames (n, channels) Interleaved, the channels in the order of
   sound/layout.h; what is in it is lost.
   @return EXIT_OK, or EXIT_FAILED after telling why.
*/
int
sound_output_write(SoundOutput* output, float* frames, size_t n);

/// Write what resampling still holds, once all frames are written
int
sound_output_drain(SoundOutput* output);

/**
   Finish the sound, so that metadata can be added to the file.

   @return The file, or -1 if the sound failed or nothing can be added to what
   is written.
*/
int
sound_output_seal(SoundOutput* output);

/// Finish the file and put it in its place; on failure tell why
int
sound_output_finish(SoundOutput* output);

/// Throw away what is not finished
void
sound_output_abandon(SoundOutput* output);

#endif // GRUS_TOOLS_SOUND_OUTPUT_H
