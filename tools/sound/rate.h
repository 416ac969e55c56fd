// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file rate.h

   Sound at another rate, where it was: no delay, and neither a frame lost nor
   one too many at the end.
*/

#ifndef GRUS_TOOLS_SOUND_RATE_H
#define GRUS_TOOLS_SOUND_RATE_H

#include <samplerate.h>

#include <stddef.h>
#include <stdint.h>

/// A change of rate
typedef struct {
  int        from;
  int        to;
  int        n_channels;
  SRC_STATE* converter; ///< Null if the rate stays
  float*     frames;    ///< (room, channels)
  size_t     room;
  int64_t    n_in;  ///< Frames so far
  int64_t    n_out; ///< Likewise
} SoundRate;

/// Start a change of rate, to be ended with sound_rate_clear(); tells why not
int
sound_rate_init(SoundRate* rate, int from, int to, int n_channels);

/**
   Convert `n` frames, 0 for what is left at the end.

   @param result Set to frames that last until the next call: `frames` itself
   if the rate stays.
   @param n_result Set to their number.
   @return EXIT_OK, or EXIT_FAILED after telling why.
*/
int
sound_rate_run(SoundRate* rate,
               float*     frames,
               size_t     n,
               float**    result,
               size_t*    n_result);

/// Free what it holds
void
sound_rate_clear(SoundRate* rate);

#endif // GRUS_TOOLS_SOUND_RATE_H
