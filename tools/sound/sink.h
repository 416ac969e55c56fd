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
} SoundSink;

/// Begin at the place where `file`, which is open, is now
void
sound_sink_init(SoundSink* sink, OutputFile* file);

/// Open a sound file in it, as sf_open() does
SNDFILE*
sound_sink_open(SoundSink* sink, SF_INFO* info);

#endif // GRUS_TOOLS_SOUND_SINK_H
