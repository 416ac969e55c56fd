// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "feed/feed.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

void
feed_watch(Feed* const feed, const uint32_t sample_rate)
{
  feed->watched = FEED_WATCH * sample_rate;
}

bool
feed_is_watched(const Feed* const feed)
{
  return feed->watched > 0U;
}

uint32_t
feed_divisor(const uint32_t sample_rate)
{
  return (sample_rate + FEED_MAX_RATE - 1U) / FEED_MAX_RATE;
}

uint32_t
feed_message_samples(const uint32_t sample_rate)
{
  const uint32_t rate = sample_rate / feed_divisor(sample_rate);
  return (rate + FEED_PER_SECOND - 1U) / FEED_PER_SECOND;
}

/// Return a sample as 16 bits; what is not a number is the lowest
static int16_t
short_of(const float sample)
{
  return (int16_t)lrintf(32767.0f * fminf(fmaxf(sample, -1.0f), 1.0f));
}

void
feed_take(FeedSide* const           side,
          const float* const* const sound,
          const uint32_t            n_channels,
          const uint32_t            n_frames,
          const uint32_t            sample_rate)
{
  const uint32_t divisor = feed_divisor(sample_rate);
  const float    scale   = 1.0f / (float)(divisor * n_channels);
  for (uint32_t i = 0U; i < n_frames && side->n < FEED_MAX; ++i) {
    for (uint32_t c = 0U; c < n_channels; ++c) {
      side->sum += sound[c][i];
    }
    if (++side->n_summed == divisor) {
      side->samples[side->n++] = short_of(scale * side->sum);
      side->sum                = 0.0f;
      side->n_summed           = 0U;
    }
  }
}

static void
drop(FeedSide* const side, const uint32_t n)
{
  side->n -= n;
  memmove(side->samples, side->samples + n, side->n * sizeof(int16_t));
}

void
feed_drop(Feed* const feed, const uint32_t n)
{
  drop(&feed->in, n);
  drop(&feed->out, n);
}

void
feed_end_block(Feed* const feed, const uint32_t n_frames)
{
  feed->watched -= n_frames < feed->watched ? n_frames : feed->watched;
  if (!feed->watched) {
    feed->in.n  = 0U;
    feed->out.n = 0U;
  }
}
