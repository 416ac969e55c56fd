// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/layout/layout.h"

#include "grus/grus.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/// Speakers that go by a name of their own
typedef struct {
  uint32_t    mask;
  const char* name;
} LayoutName;

static const LayoutName names[] = {
  {0x00004U, "mono"},
  {0x00003U, "stereo"},
  {0x0000BU, "2.1"},
  {0x00007U, "3.0"},
  {0x00103U, "3.0(back)"},
  {0x00107U, "4.0"},
  {0x00033U, "quad"},
  {0x00603U, "quad(side)"},
  {0x0000FU, "3.1"},
  {0x00037U, "5.0"},
  {0x00607U, "5.0(side)"},
  {0x0010FU, "4.1"},
  {0x0003FU, "5.1"},
  {0x0060FU, "5.1(side)"},
  {0x00707U, "6.0"},
  {0x006C3U, "6.0(front)"},
  {0x00137U, "hexagonal"},
  {0x0070FU, "6.1"},
  {0x0013FU, "6.1(back)"},
  {0x006CBU, "6.1(front)"},
  {0x00637U, "7.0"},
  {0x006C7U, "7.0(front)"},
  {0x0063FU, "7.1"},
  {0x000FFU, "7.1(wide)"},
  {0x006CFU, "7.1(wide-side)"},
  {0x00737U, "octagonal"},
};

static const char* const speaker_names[N_SPEAKERS] = {"FL",
                                                      "FR",
                                                      "FC",
                                                      "LFE",
                                                      "BL",
                                                      "BR",
                                                      "FLC",
                                                      "FRC",
                                                      "BC",
                                                      "SL",
                                                      "SR",
                                                      "TC",
                                                      "TFL",
                                                      "TFC",
                                                      "TFR",
                                                      "TBL",
                                                      "TBC",
                                                      "TBR"};

/// The usual speakers of 1 to 8 channels, those of FLAC and Ogg
static const uint32_t usual[] =
  {0x004U, 0x003U, 0x007U, 0x033U, 0x037U, 0x03FU, 0x70FU, 0x63FU};

enum { N_USUAL = sizeof(usual) / sizeof(usual[0]) };

/// Speakers in the order of Vorbis I, 4.3.9, which Opus has too
static const Speaker ogg[N_USUAL][N_USUAL] = {
  {SPEAKER_FC},
  {SPEAKER_FL, SPEAKER_FR},
  {SPEAKER_FL, SPEAKER_FC, SPEAKER_FR},
  {SPEAKER_FL, SPEAKER_FR, SPEAKER_BL, SPEAKER_BR},
  {SPEAKER_FL, SPEAKER_FC, SPEAKER_FR, SPEAKER_BL, SPEAKER_BR},
  {SPEAKER_FL, SPEAKER_FC, SPEAKER_FR, SPEAKER_BL, SPEAKER_BR, SPEAKER_LFE},
  {SPEAKER_FL,
   SPEAKER_FC,
   SPEAKER_FR,
   SPEAKER_SL,
   SPEAKER_SR,
   SPEAKER_BC,
   SPEAKER_LFE},
  {SPEAKER_FL,
   SPEAKER_FC,
   SPEAKER_FR,
   SPEAKER_SL,
   SPEAKER_SR,
   SPEAKER_BL,
   SPEAKER_BR,
   SPEAKER_LFE},
};

static bool
has(const uint32_t mask, const Speaker speaker)
{
  return speaker != SPEAKER_NONE && (mask >> (unsigned)speaker & 1U);
}

static uint32_t
count(const uint32_t mask)
{
  uint32_t n = 0U;
  for (uint32_t rest = mask; rest; rest &= rest - 1U) {
    ++n;
  }
  return n;
}

uint32_t
layout_usual_mask(const uint32_t n_channels)
{
  return n_channels && n_channels <= N_USUAL ? usual[n_channels - 1U] : 0U;
}

uint32_t
layout_mask(const Layout layout)
{
  return layout.mask ? layout.mask : layout_usual_mask(layout.n_channels);
}

bool
layout_is_usual(const Layout layout)
{
  return layout_mask(layout) == layout_usual_mask(layout.n_channels);
}

bool
layout_is_whole(const Layout layout)
{
  return count(layout.mask) == layout.n_channels;
}

void
layout_name(const uint32_t mask, char name[LAYOUT_NAME_SIZE])
{
  for (size_t i = 0U; i < sizeof(names) / sizeof(names[0]); ++i) {
    if (names[i].mask == mask) {
      snprintf(name, LAYOUT_NAME_SIZE, "%s", names[i].name);
      return;
    }
  }

  size_t length = 0U;
  name[0]       = '\0';
  for (int s = 0; s < N_SPEAKERS; ++s) {
    if (has(mask, (Speaker)s)) {
      length += (size_t)snprintf(name + length,
                                 LAYOUT_NAME_SIZE - length,
                                 "%s%s",
                                 length ? "+" : "",
                                 speaker_names[s]);
    }
  }
}

Layout
layout_of_mask(const uint32_t n_channels, const uint32_t mask)
{
  Layout layout = {n_channels, mask & ((1U << N_SPEAKERS) - 1U)};
  while (count(layout.mask) > n_channels) {
    const uint32_t without_lowest = layout.mask & (layout.mask - 1U);
    uint32_t       highest        = layout.mask;
    for (uint32_t rest = without_lowest; rest; rest &= rest - 1U) {
      highest = rest;
    }
    layout.mask &= ~highest;
  }
  return layout;
}

Layout
layout_of_speakers(const uint32_t       n_channels,
                   const Speaker* const speakers,
                   ChannelOrder* const  order)
{
  Layout   layout = {n_channels, 0U};
  uint32_t n      = 0U;
  *order          = channel_order_same(n_channels);
  for (uint32_t c = 0U; c < n_channels; ++c) {
    if (has(layout.mask, speakers[c])) {
      layout.mask = 0U;
      return layout;
    }
    layout.mask |= speakers[c] == SPEAKER_NONE ? 0U : 1U << speakers[c];
  }

  for (int s = 0; s < N_SPEAKERS; ++s) {
    for (uint32_t c = 0U; c < n_channels; ++c) {
      if ((int)speakers[c] == s) {
        order->from[n++] = (uint8_t)c;
      }
    }
  }
  for (uint32_t c = 0U; c < n_channels; ++c) {
    if (speakers[c] == SPEAKER_NONE) {
      order->from[n++] = (uint8_t)c;
    }
  }
  return layout;
}

const Speaker*
layout_ogg_speakers(const uint32_t n_channels)
{
  return n_channels && n_channels <= N_USUAL ? ogg[n_channels - 1U] : NULL;
}

Layout
layout_of_ogg(const uint32_t n_channels, ChannelOrder* const order)
{
  const Speaker* const speakers = layout_ogg_speakers(n_channels);
  *order                        = channel_order_same(n_channels);
  return speakers ? layout_of_speakers(n_channels, speakers, order)
                  : layout_of_mask(n_channels, 0U);
}

/// Return which speaker may stand for another one
static Speaker
beside(const Speaker speaker)
{
  switch (speaker) {
  case SPEAKER_BL:
    return SPEAKER_SL;
  case SPEAKER_BR:
    return SPEAKER_SR;
  case SPEAKER_SL:
    return SPEAKER_BL;
  case SPEAKER_SR:
    return SPEAKER_BR;
  default:
    return SPEAKER_NONE;
  }
}

/// Channels that are being placed
typedef struct {
  Speaker  own[GRUS_MAX_CHANNELS]; ///< Speakers of Grus' channels
  uint32_t placed;                 ///< Bits of channels
  uint32_t taken;                  ///< Bits of places
} Placing;

static void
place(Placing* const      placing,
      ChannelOrder* const order,
      const uint32_t      channel,
      const uint32_t      to)
{
  order->from[to] = (uint8_t)channel;
  placing->placed |= 1U << channel;
  placing->taken |= 1U << to;
}

/// Place every channel that `wanted` gives a free speaker; return how many
static uint32_t
place_all(Placing* const       placing,
          ChannelOrder* const  order,
          const Speaker* const speakers,
          Speaker (*const wanted)(Speaker))
{
  uint32_t n = 0U;
  for (uint32_t c = 0U; c < order->n_channels; ++c) {
    const Speaker own     = placing->own[c];
    const Speaker speaker = wanted ? wanted(own) : own;
    for (uint32_t to = 0U; speaker != SPEAKER_NONE && to < order->n_channels;
         ++to) {
      if (speakers[to] == speaker && !(placing->placed >> c & 1U) &&
          !(placing->taken >> to & 1U)) {
        place(placing, order, c, to);
        ++n;
      }
    }
  }
  return n;
}

/// Return the place of the lowest speaker that is free
static uint32_t
first_free(const Placing* const placing,
           const Speaker* const speakers,
           const uint32_t       n_channels)
{
  uint32_t best = n_channels;
  for (uint32_t to = 0U; to < n_channels; ++to) {
    if (!(placing->taken >> to & 1U) &&
        (best == n_channels || speakers[to] < speakers[best])) {
      best = to;
    }
  }
  return best;
}

LayoutFit
layout_place(const Layout         layout,
             const Speaker* const speakers,
             ChannelOrder* const  order)
{
  Placing        placing = {{SPEAKER_NONE}, 0U, 0U};
  const uint32_t mask    = layout_mask(layout);
  uint32_t       n       = 0U;
  *order                 = channel_order_same(layout.n_channels);
  for (uint32_t c = 0U; c < layout.n_channels; ++c) {
    placing.own[c] = SPEAKER_NONE;
  }
  for (int s = 0; s < N_SPEAKERS && n < layout.n_channels; ++s) {
    if (has(mask, (Speaker)s)) {
      placing.own[n++] = (Speaker)s;
    }
  }

  LayoutFit fit = LAYOUT_FITS;
  place_all(&placing, order, speakers, NULL);
  if (place_all(&placing, order, speakers, beside)) {
    fit = LAYOUT_NEAR;
  }
  for (uint32_t c = 0U; c < layout.n_channels; ++c) {
    if (!(placing.placed >> c & 1U)) {
      const uint32_t to = first_free(&placing, speakers, layout.n_channels);
      if (fit != LAYOUT_DAMAGED) {
        fit = speakers[to] == SPEAKER_LFE ? LAYOUT_DAMAGED : LAYOUT_MOVED;
      }
      place(&placing, order, c, to);
    }
  }
  return fit;
}

ChannelOrder
channel_order_same(const uint32_t n_channels)
{
  ChannelOrder order = {n_channels, {0U}};
  for (uint32_t c = 0U; c < n_channels; ++c) {
    order.from[c] = (uint8_t)c;
  }
  return order;
}

static bool
is_same(const ChannelOrder* const order)
{
  for (uint32_t c = 0U; c < order->n_channels; ++c) {
    if (order->from[c] != c) {
      return false;
    }
  }
  return true;
}

void
channel_order_apply(const ChannelOrder* const order,
                    float* const              frames,
                    const size_t              n_frames)
{
  if (is_same(order)) {
    return;
  }
  for (size_t i = 0U; i < n_frames; ++i) {
    float        old[GRUS_MAX_CHANNELS];
    float* const frame = frames + (i * order->n_channels);
    memcpy(old, frame, order->n_channels * sizeof(float));
    for (uint32_t c = 0U; c < order->n_channels; ++c) {
      frame[c] = old[order->from[c]];
    }
  }
}
