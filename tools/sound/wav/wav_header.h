// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_SOUND_WAV_WAV_HEADER_H
#define GRUS_TOOLS_SOUND_WAV_WAV_HEADER_H

#include "files/output.h"
#include "sound/layout/layout.h"

#include <sndfile.h>

#include <stdint.h>

/**
   Write a WAV header into a file that cannot seek.

   @param info Rate, channels and numbers.
   @param n_frames Length, or -1 if that is not known: then the sizes are the
   largest there are, as streams have them.
   @return 0, or -1 and errno.
*/
int
wav_header_write(OutputFile*    file,
                 const SF_INFO* info,
                 Layout         layout,
                 int64_t        n_frames);

#endif // GRUS_TOOLS_SOUND_WAV_WAV_HEADER_H
