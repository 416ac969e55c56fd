// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file record.h

   Writes what is played into a sound file, from a thread of its own, so that a
   slow disk never holds up the sound.

   The file is whole once a second: a crash or a lost battery costs no more than
   that.  What goes wrong is kept for the control thread to tell.
*/

#ifndef GRUS_TOOLS_LIVE_DISK_RECORD_H
#define GRUS_TOOLS_LIVE_DISK_RECORD_H

#include "files/output.h"
#include "grus/ring.h"

#include <stdbool.h>
#include <stdint.h>

/// A recording that runs
typedef struct LiveRecordImpl LiveRecord;

/// Where to record
typedef struct {
  const char*  path;   ///< Its ending says the format
  unsigned     number; ///< Of the first name to try, as take_open() has it
  OutputPolicy policy; ///< Likewise
} LiveTake;

/**
   Start to record, into the first name that is free.

   @param n_channels Of each frame in the ring.
   @param record Set to a new recording, to be ended with live_record_end() and
   freed with live_record_free().
   @return EXIT_OK, or EXIT_FAILED after telling why.
*/
int
live_record_start(const LiveTake* take,
                  uint32_t        n_channels,
                  uint32_t        sample_rate,
                  LiveRecord**    record);

/// Return the path that is recorded into
const char*
live_record_path(const LiveRecord* record);

/// Return the number of that path among its takes
unsigned
live_record_number(const LiveRecord* record);

/// Return the ring that takes interleaved frames
GrusRing*
live_record_ring(const LiveRecord* record);

/// Return the seconds that are written
double
live_record_seconds(const LiveRecord* record);

/// Tell, once, why the recording had to stop; EXIT_FAILED if it has stopped
int
live_record_check(LiveRecord* record);

/**
   Write what is left and close the file (null is allowed).  One in which there
   is no sound is removed.

   The ring stays where it is, so that an audio thread that is still at work may
   write into it.
*/
int
live_record_end(LiveRecord* record);

/// Whether a recording that has ended had no sound in it
bool
live_record_is_empty(const LiveRecord* record);

/// Free `record` (null is allowed) with its ring, once no sound runs
void
live_record_free(LiveRecord* record);

#endif // GRUS_TOOLS_LIVE_DISK_RECORD_H
