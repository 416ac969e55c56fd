// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/layout/core_audio.h"

#include "sound/layout/layout.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// How a chunk tells its layout
enum {
  TAG_DESCRIPTIONS = 0,       ///< A label for each channel
  TAG_BITMAP       = 1 << 16, ///< The bits of WAVE_FORMAT_EXTENSIBLE
};

/// Sizes of a chunk
enum {
  HEADER_SIZE      = 12, ///< Tag, bitmap, number of descriptions
  DESCRIPTION_SIZE = 20, ///< Label, flags, three coordinates
};

/// Labels that are not a number of a bit, plus 1
enum {
  LABEL_REAR_LEFT  = 33,
  LABEL_REAR_RIGHT = 34,
  LABEL_MONO       = 42,
};

/// Labels of the channels of a layout that goes by a number
typedef struct {
  uint16_t number; ///< Upper half of the tag; the lower one counts channels
  uint8_t  labels[8];
} Tag;

// L R C LFE Ls Rs Lc Rc Cs are 1 to 9; Rls and Rrs 33 and 34.  A quadraphonic
// layout has the same surrounds; tops are 13 to 18.
static const Tag tags[] = {
  {100, {LABEL_MONO}},
  {101, {1, 2}},
  {102, {1, 2}},
  {108, {1, 2, 5, 6}},
  {109, {1, 2, 5, 6, 3}},
  {110, {1, 2, 5, 6, 3, 9}},
  {111, {1, 2, 33, 34, 3, 9, 5, 6}},
  {112, {1, 2, 5, 6, 13, 15, 16, 18}},
  {113, {1, 2, 3}},
  {114, {3, 1, 2}},
  {115, {1, 2, 3, 9}},
  {116, {3, 1, 2, 9}},
  {117, {1, 2, 3, 5, 6}},
  {118, {1, 2, 5, 6, 3}},
  {119, {1, 3, 2, 5, 6}},
  {120, {3, 1, 2, 5, 6}},
  {121, {1, 2, 3, 4, 5, 6}},
  {122, {1, 2, 5, 6, 3, 4}},
  {123, {1, 3, 2, 5, 6, 4}},
  {124, {3, 1, 2, 5, 6, 4}},
  {125, {1, 2, 3, 4, 5, 6, 9}},
  {126, {1, 2, 3, 4, 5, 6, 7, 8}},
  {127, {3, 7, 8, 1, 2, 5, 6, 4}},
  {128, {1, 2, 3, 4, 5, 6, 33, 34}},
  {129, {1, 2, 5, 6, 3, 4, 7, 8}},
  {131, {1, 2, 9}},
  {132, {1, 2, 5, 6}},
  {133, {1, 2, 4}},
  {134, {1, 2, 4, 9}},
  {135, {1, 2, 4, 5, 6}},
  {136, {1, 2, 3, 4}},
  {137, {1, 2, 3, 4, 9}},
  {138, {1, 2, 5, 6, 4}},
  {139, {1, 2, 5, 6, 3, 9}},
  {140, {1, 2, 5, 6, 3, 33, 34}},
  {141, {3, 1, 2, 5, 6, 9}},
  {142, {3, 1, 2, 5, 6, 9, 4}},
  {143, {3, 1, 2, 5, 6, 33, 34}},
  {144, {3, 1, 2, 5, 6, 33, 34, 9}},
};

static uint32_t
load(const uint8_t* const p)
{
  return ((uint32_t)p[0] << 24U) | ((uint32_t)p[1] << 16U) |
         ((uint32_t)p[2] << 8U) | p[3];
}

static void
store_word(uint8_t* const p, const uint32_t value)
{
  for (unsigned i = 0U; i < 4U; ++i) {
    p[i] = (uint8_t)(value >> (24U - (8U * i)));
  }
}

/// Find the labels of channels, 0 for those that have none
static bool
find_labels(const uint8_t* const data,
            const size_t         size,
            const uint32_t       n_channels,
            uint32_t* const      labels)
{
  const uint32_t tag = load(data);
  if (tag == TAG_DESCRIPTIONS) {
    const size_t n = (size - HEADER_SIZE) / DESCRIPTION_SIZE;
    for (uint32_t c = 0U; c < n_channels && c < n && c < load(data + 8); ++c) {
      labels[c] = load(data + HEADER_SIZE + ((size_t)c * DESCRIPTION_SIZE));
    }
    return true;
  }

  for (size_t i = 0U; i < sizeof(tags) / sizeof(tags[0]); ++i) {
    if (tags[i].number == tag >> 16U && n_channels == (tag & 0xFFFFU)) {
      for (uint32_t c = 0U; c < n_channels && c < 8U; ++c) {
        labels[c] = tags[i].labels[c];
      }
      return true;
    }
  }
  return false;
}

/**
   Return the speaker of a label.

   @param has_rear Whether rear surrounds are there too: then the surrounds are
   at the sides, else in the back, as the mask of WAVE_FORMAT_EXTENSIBLE has it.
*/
static Speaker
speaker_of(const uint32_t label, const bool has_rear)
{
  switch (label) {
  case SPEAKER_BL + 1:
    return has_rear ? SPEAKER_SL : SPEAKER_BL;
  case SPEAKER_BR + 1:
    return has_rear ? SPEAKER_SR : SPEAKER_BR;
  case LABEL_REAR_LEFT:
    return SPEAKER_BL;
  case LABEL_REAR_RIGHT:
    return SPEAKER_BR;
  case LABEL_MONO:
    return SPEAKER_FC;
  default:
    return label && label <= N_SPEAKERS ? (Speaker)(label - 1U) : SPEAKER_NONE;
  }
}

Layout
layout_from_core_audio(const uint8_t* const data,
                       const size_t         size,
                       const uint32_t       n_channels,
                       ChannelOrder* const  order)
{
  uint32_t     labels[GRUS_MAX_CHANNELS] = {0U};
  Speaker      speakers[GRUS_MAX_CHANNELS];
  const Layout unknown = {n_channels, 0U};

  *order = channel_order_same(n_channels);
  if (size < HEADER_SIZE) {
    return unknown;
  }
  if (load(data) == TAG_BITMAP) {
    return layout_of_mask(n_channels, load(data + 4));
  }
  if (!find_labels(data, size, n_channels, labels)) {
    return unknown;
  }

  bool has_rear = false;
  for (uint32_t c = 0U; c < n_channels; ++c) {
    has_rear = has_rear || labels[c] == LABEL_REAR_LEFT;
  }
  for (uint32_t c = 0U; c < n_channels; ++c) {
    speakers[c] = speaker_of(labels[c], has_rear);
  }
  return layout_of_speakers(n_channels, speakers, order);
}

size_t
layout_to_core_audio(const Layout layout, uint8_t data[CORE_AUDIO_LAYOUT_SIZE])
{
  memset(data, 0, CORE_AUDIO_LAYOUT_SIZE);
  if (layout_is_whole(layout)) {
    store_word(data, TAG_BITMAP);
    store_word(data + 4, layout.mask);
    return HEADER_SIZE;
  }

  // A bitmap must have a bit for each channel
  uint8_t* p = data + HEADER_SIZE;
  store_word(data + 8, layout.n_channels);
  for (uint32_t s = 0U; s < N_SPEAKERS; ++s) {
    if (layout.mask >> s & 1U) {
      store_word(p, s + 1U);
      p += DESCRIPTION_SIZE;
    }
  }
  return HEADER_SIZE + ((size_t)layout.n_channels * DESCRIPTION_SIZE);
}
