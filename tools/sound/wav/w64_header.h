// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file w64_header.h

   W64 files with WAVE_FORMAT_EXTENSIBLE, which libsndfile reads but does not
   write.
*/

#ifndef GRUS_TOOLS_SOUND_WAV_W64_HEADER_H
#define GRUS_TOOLS_SOUND_WAV_W64_HEADER_H

#include "files/output.h"
#include "sound/layout/layout.h"

#include <sndfile.h>

#include <stdint.h>

/**
   Write a header without lengths; the samples follow it.

   @param info Rate, channels and numbers that wave_sample_size() knows.
   @return 0, or -1 and errno.
*/
int
w64_header_write(OutputFile* file, const SF_INFO* info, Layout layout);

/// Write the lengths once there are `size` bytes of samples, and fill up the
/// last of them; return 0, or -1 and errno
/**
   Put the lengths into the header.

   @param size Bytes of samples behind it.
   @param frame_size Bytes of a frame.
   @return 0, or -1 and errno.
*/
int
w64_header_finish(OutputFile* file, int64_t size, uint32_t frame_size);

#endif // GRUS_TOOLS_SOUND_WAV_W64_HEADER_H
