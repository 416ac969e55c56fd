// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file source.h

   A sound file in the place of a microphone, read by a thread of its own.
*/

#ifndef GRUS_TOOLS_LIVE_DISK_SOURCE_H
#define GRUS_TOOLS_LIVE_DISK_SOURCE_H

#include "grus/ring.h"
#include "sound/input.h"

#include <stdatomic.h>
#include <stdint.h>

/// A file that is being read
typedef struct LiveSourceImpl LiveSource;

/**
   Start to read an open file, resampled where its rate is another.

   @param source Set to a new source, to be ended with live_source_end(), with
   frames in it already.
   @return EXIT_OK, or EXIT_FAILED after telling why.
*/
int
live_source_start(SoundInput* input, uint32_t sample_rate, LiveSource** source);

/// Return the ring that gives interleaved frames with the file's channels
GrusRing*
live_source_ring(const LiveSource* source);

/// Return where the number of frames appears, UINT64_MAX until it is known
const _Atomic uint64_t*
live_source_expected(const LiveSource* source);

/// Stop reading (null is allowed); the file stays open
void
live_source_end(LiveSource* source);

#endif // GRUS_TOOLS_LIVE_DISK_SOURCE_H
