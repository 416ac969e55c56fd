// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "view/draw/theme.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { N_ANCHORS = 6 };

// Both rise in lightness, or fall, all the way, so that nobody needs the hue
static const uint32_t dark_levels[N_ANCHORS] =
  {0x0d131c, 0x15304f, 0x1f5f86, 0x2f9a96, 0x9ccf7c, 0xfff3b0};
static const uint32_t light_levels[N_ANCHORS] =
  {0xffffff, 0xd9e9f2, 0x9cc8dc, 0x4f95bd, 0x255a92, 0x161d4a};

static const ViewTheme dark = {
  .ground    = 0x151b24,
  .panel     = 0x1c2430,
  .well      = 0x0d131c,
  .line      = 0x344153,
  .text      = 0xe8eef5,
  .dim       = 0xa3b1c2,
  .accent    = 0x5cc3f0,
  .on_accent = 0x0b1520,
  .voice     = 0x3fc2a4,
  .loud      = 0xf0c04a,
  .alarm     = 0xff8a5c,
  .on_alarm  = 0x1d0b02,
  .tip       = 0xf2ecd8,
  .tip_text  = 0x1d2430,
};

static const ViewTheme light = {
  .ground    = 0xeef1f5,
  .panel     = 0xfafbfc,
  .well      = 0xffffff,
  .line      = 0xbcc6d2,
  .text      = 0x18212c,
  .dim       = 0x4d5b6b,
  .accent    = 0x0b659c,
  .on_accent = 0xffffff,
  .voice     = 0x0f8a70,
  .loud      = 0xc98a00,
  .alarm     = 0xa83400,
  .on_alarm  = 0xffffff,
  .tip       = 0x27303c,
  .tip_text  = 0xf5f2e6,
};

/// Return one of three channels between two colours
static uint32_t
mix_channel(const uint32_t from,
            const uint32_t to,
            const unsigned shift,
            const uint32_t part)
{
  const uint32_t a = (from >> shift) & 0xffU;
  const uint32_t b = (to >> shift) & 0xffU;
  return (((a * (255U - part)) + (b * part) + 127U) / 255U) << shift;
}

static void
fill_levels(uint32_t* const levels, const uint32_t* const anchors)
{
  for (uint32_t i = 0U; i < 256U; ++i) {
    const uint32_t at = i * (N_ANCHORS - 1U);
    const uint32_t from =
      at / 255U < N_ANCHORS - 2U ? at / 255U : N_ANCHORS - 2U;
    const uint32_t part = at - (255U * from);
    levels[i] = mix_channel(anchors[from], anchors[from + 1U], 16U, part) |
                mix_channel(anchors[from], anchors[from + 1U], 8U, part) |
                mix_channel(anchors[from], anchors[from + 1U], 0U, part);
  }
}

void
view_theme(ViewTheme* const theme, const bool is_light)
{
  memcpy(theme, is_light ? &light : &dark, sizeof(*theme));
  fill_levels(theme->levels, is_light ? light_levels : dark_levels);
}

bool
view_theme_is_light(const uint32_t color)
{
  const uint32_t red   = (color >> 16U) & 0xffU;
  const uint32_t green = (color >> 8U) & 0xffU;
  const uint32_t blue  = color & 0xffU;
  return (2U * red) + (5U * green) + blue >= 8U * 128U;
}
