// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/layout/sndfile.h"

#include "sound/layout/layout.h"

#include <sndfile.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// libsndfile's numbers of the speakers, in the order of the bits of the mask
static const int map_numbers[N_SPEAKERS] = {
  SF_CHANNEL_MAP_LEFT,
  SF_CHANNEL_MAP_RIGHT,
  SF_CHANNEL_MAP_CENTER,
  SF_CHANNEL_MAP_LFE,
  SF_CHANNEL_MAP_REAR_LEFT,
  SF_CHANNEL_MAP_REAR_RIGHT,
  SF_CHANNEL_MAP_FRONT_LEFT_OF_CENTER,
  SF_CHANNEL_MAP_FRONT_RIGHT_OF_CENTER,
  SF_CHANNEL_MAP_REAR_CENTER,
  SF_CHANNEL_MAP_SIDE_LEFT,
  SF_CHANNEL_MAP_SIDE_RIGHT,
  SF_CHANNEL_MAP_TOP_CENTER,
  SF_CHANNEL_MAP_TOP_FRONT_LEFT,
  SF_CHANNEL_MAP_TOP_FRONT_CENTER,
  SF_CHANNEL_MAP_TOP_FRONT_RIGHT,
  SF_CHANNEL_MAP_TOP_REAR_LEFT,
  SF_CHANNEL_MAP_TOP_REAR_CENTER,
  SF_CHANNEL_MAP_TOP_REAR_RIGHT,
};

static Layout
layout_of_map(SNDFILE* const file, const uint32_t n_channels)
{
  int       map[GRUS_MAX_CHANNELS] = {0};
  uint32_t  mask                   = 0U;
  const int size                   = (int)(n_channels * sizeof(map[0]));
  if (!sf_command(file, SFC_GET_CHANNEL_MAP_INFO, map, size)) {
    memset(map, 0, sizeof(map));
  }

  for (uint32_t c = 0U; c < n_channels; ++c) {
    for (uint32_t s = 0U; s < N_SPEAKERS; ++s) {
      mask |= map[c] == map_numbers[s] ? 1U << s : 0U;
    }
  }
  return layout_of_mask(n_channels, mask);
}

Layout
layout_of_sndfile(SNDFILE* const file, const SF_INFO* const info)
{
  const uint32_t n = (uint32_t)info->channels;
  return (info->format & SF_FORMAT_TYPEMASK) == SF_FORMAT_WAVEX
           ? layout_of_map(file, n)
           : layout_of_mask(n, 0U);
}

void
layout_to_sndfile(const Layout layout, SNDFILE* const file)
{
  int      map[N_SPEAKERS] = {0};
  uint32_t n               = 0U;
  for (uint32_t s = 0U; s < N_SPEAKERS; ++s) {
    if (layout.mask >> s & 1U) {
      map[n++] = map_numbers[s];
    }
  }
  sf_command(file, SFC_SET_CHANNEL_MAP_INFO, map, (int)(n * sizeof(map[0])));
}
