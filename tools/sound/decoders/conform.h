// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file conform.h

   Streams that were put together may change their rate and channels; all
   becomes what the first had.
*/

#ifndef GRUS_TOOLS_SOUND_DECODERS_CONFORM_H
#define GRUS_TOOLS_SOUND_DECODERS_CONFORM_H

#include <samplerate.h>

#include <stdbool.h>
#include <stddef.h>

/// Some frames, which whoever made them keeps
typedef struct {
  const float* frames; ///< (n, n_channels), interleaved
  size_t       n;      ///< 0 at the end
  unsigned     sample_rate;
  unsigned     n_channels;
} SoundChunk;

/// A converter; all zero but for what is wanted at first
typedef struct {
  unsigned   sample_rate; ///< That is wanted
  unsigned   n_channels;  ///< That are wanted
  unsigned   source_rate; ///< That is being converted
  SRC_STATE* resampler;   ///< Null where the rate is right
  float*     mixed;       ///< (n_mixed, n_channels)
  size_t     n_mixed;
  float*     resampled; ///< (n_resampled, n_channels)
  size_t     n_resampled;
} Conform;

/// What became of a chunk
typedef enum {
  CONFORM_DONE,   ///< It is converted
  CONFORM_TAIL,   ///< What came before had a tail; give the chunk once more
  CONFORM_FAILED, ///< These channels or rates do not go together
} ConformResult;

/**
   Convert a chunk, an empty one at the end.

   @param out Set to frames that last until the next call, maybe none.
*/
ConformResult
conform_run(Conform* conform, const SoundChunk* in, SoundChunk* out);

/// Free what the converter holds
void
conform_clear(Conform* conform);

#endif // GRUS_TOOLS_SOUND_DECODERS_CONFORM_H
