// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file feed.h

   The sound that a window draws, from the audio thread: only while a window is
   there, which says so again and again.  Whatever a host has no room for is
   dropped.  Everything here is real-time safe.
*/

#ifndef GRUS_PLUGIN_FEED_FEED_H
#define GRUS_PLUGIN_FEED_FEED_H

#include "grus/params.h"

#include <stdbool.h>
#include <stdint.h>

enum {
  FEED_PER_SECOND = 60,    ///< Messages, at most
  FEED_MAX_RATE   = 48000, ///< Hz; faster sound is averaged down
  FEED_MAX        = 9216,  ///< Samples that wait; what is beyond is dropped
  FEED_WATCH      = 3,     ///< Seconds for which one word of a window lasts
  FEED_MESSAGE    = 4096,  ///< Bytes, more than a message has
};

/// What a message begins with; `n` samples of what went in follow, then as many
/// of what came out, 16 bits each
typedef struct {
  uint32_t sample_rate; ///< Of the plugin, Hz
  uint32_t rate;        ///< Of the samples, Hz
  uint32_t delay;       ///< Samples by which what came out is later
  uint32_t n;
  float    meters[GRUS_N_METERS];
} FeedHead;

/// One side of the plugin: all channels in one
typedef struct {
  float    sum;
  uint32_t n_summed; ///< Frames in `sum`
  uint32_t n;
  int16_t  samples[FEED_MAX];
} FeedSide;

/// What is on its way to the windows
typedef struct {
  uint32_t watched; ///< Frames for which a window still wants to know
  FeedSide in;
  FeedSide out;
} Feed;

/// A window has said that it is there
void
feed_watch(Feed* feed, uint32_t sample_rate);

/// Return whether a window is there
bool
feed_is_watched(const Feed* feed);

/// Take one side's sound of a block
void
feed_take(FeedSide*           side,
          const float* const* sound,
          uint32_t            n_channels,
          uint32_t            n_frames,
          uint32_t            sample_rate);

/// Return how many frames are averaged for a sample
uint32_t
feed_divisor(uint32_t sample_rate);

/// Return how many samples a message has
uint32_t
feed_message_samples(uint32_t sample_rate);

/// Forget the first samples of both sides, which are told or dropped
void
feed_drop(Feed* feed, uint32_t n);

/// A block is over; without a window what waits is forgotten
void
feed_end_block(Feed* feed, uint32_t n_frames);

#endif // GRUS_PLUGIN_FEED_FEED_H
