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
#include "sound/input.h"

#include <sndfile.h>

#include <stdint.h>

/// A sound file to write
typedef struct {
  const char* path; ///< "-" for the standard output
  OutputFile  place;
  SNDFILE*    file;
  int         format;
} SoundOutput;

/**
   Open a file to write, with the metadata of `input`.

   @param n_frames Its length, -1 if that is not known.
   @return EXIT_OK, or EXIT_FAILED after telling why; nothing is left then.
*/
int
sound_output_open(SoundOutput*      output,
                  const char*       path,
                  int               format,
                  const SoundInput* input,
                  int64_t           n_frames);

/// Finish the file and put it in its place; on failure tell why
int
sound_output_finish(SoundOutput* output);

/// Throw away what is not finished
void
sound_output_abandon(SoundOutput* output);

#endif // GRUS_TOOLS_SOUND_OUTPUT_H
