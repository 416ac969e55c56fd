// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_SOUND_SINK_H
#define GRUS_TOOLS_SOUND_SINK_H

#include "files/output.h"

#include <sndfile.h>

#include <stdbool.h>
#include <stdint.h>

/// Where libsndfile's bytes go: into a file whose errors are kept, which
/// libsndfile itself forgets some of
typedef struct {
  OutputFile* file;
  int64_t     start;    ///< Of the sound in the file
  int64_t     place;    ///< Behind `start`
  int64_t     length;   ///< Behind `start`
  bool        streamed; ///< It cannot seek, or only appends: what libsndfile
                        ///< writes there a second time is dropped
  const char* old_text; ///< Replaced where it is written first, null if none
  const char* new_text; ///< Of the same length
} SoundSink;

/// Begin at the place where `file`, which is open, is now
void
sound_sink_init(SoundSink* sink, OutputFile* file);

/// Open a sound file in it, as sf_open() does
SNDFILE*
sound_sink_open(SoundSink* sink, SF_INFO* info);

/**
   Replace a text that libsndfile will write in one piece by another.

   @param old_text Kept as a pointer, like `new_text`, which is as long.
*/
void
sound_sink_replace(SoundSink* sink, const char* old_text, const char* new_text);

#endif // GRUS_TOOLS_SOUND_SINK_H
