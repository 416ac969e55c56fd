// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/layout/sndfile.h"

#include "sound/layout/core_audio.h"
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

/// Read the chunk that libsndfile itself reads only a part of; null: there is
/// none
static Layout
layout_of_chunk(SNDFILE* const      file,
                const char* const   id,
                const uint32_t      n_channels,
                ChannelOrder* const order)
{
  uint8_t       data[CORE_AUDIO_LAYOUT_SIZE] = {0U};
  SF_CHUNK_INFO chunk                        = {{0}, 4U, 0U, data};
  memcpy(chunk.id, id, 4U);

  SF_CHUNK_ITERATOR* const iterator =
    file ? sf_get_chunk_iterator(file, &chunk) : NULL;
  if (!iterator || sf_get_chunk_size(iterator, &chunk)) {
    return layout_of_mask(n_channels, 0U);
  }

  // Names of channels may make it longer than what tells the speakers
  chunk.datalen = chunk.datalen < sizeof(data) ? chunk.datalen : sizeof(data);
  const size_t size = sf_get_chunk_data(iterator, &chunk) ? 0U : chunk.datalen;
  return layout_from_core_audio(data, size, n_channels, order);
}

Layout
layout_of_sndfile(SNDFILE* const       file,
                  const SF_INFO* const info,
                  ChannelOrder* const  order)
{
  const uint32_t n = (uint32_t)info->channels;
  *order           = channel_order_same(n);

  const bool has_chunks = info->seekable; // They are read by seeking back
  switch (info->format & SF_FORMAT_TYPEMASK) {
  case SF_FORMAT_WAVEX:
  case SF_FORMAT_RF64:
  case SF_FORMAT_W64:
    return layout_of_map(file, n);
  case SF_FORMAT_CAF:
    return layout_of_chunk(has_chunks ? file : NULL, "chan", n, order);
  case SF_FORMAT_AIFF:
    return layout_of_chunk(has_chunks ? file : NULL, "CHAN", n, order);
  case SF_FORMAT_FLAC:
    return layout_of_mask(n, layout_usual_mask(n));
  case SF_FORMAT_OGG:
    return layout_of_ogg(n, order);
  default:
    return layout_of_mask(n, 0U);
  }
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
