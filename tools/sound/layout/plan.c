// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#define _GNU_SOURCE // pread, pwrite

#include "sound/layout/plan.h"

#include "cli/say.h"
#include "sound/layout/core_audio.h"
#include "sound/layout/layout.h"
#include "sound/layout/sndfile.h"

#include <sndfile.h>

#include <unistd.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/// Places in a RIFF file
enum {
  RIFF_HEADER_SIZE = 12,
  CHUNK_HEADER     = 8,
  MASK_PLACE       = 20, ///< In the fmt chunk
  MASK_SIZE        = 4,
};

/// Return whether a file that names no speakers would say something else
static bool
has_to_tell(const Layout layout)
{
  return layout.mask && (layout.n_channels > 2U || !layout_is_usual(layout));
}

static bool
has_extensible(const Layout layout, const int format)
{
  const int numbers = format & (SF_FORMAT_SUBMASK | SF_FORMAT_ENDMASK);
  SF_INFO   info    = {
         0, 48000, (int)layout.n_channels, SF_FORMAT_WAVEX | numbers, 0, 0};
  return sf_format_check(&info);
}

/// Return whether everybody reads what W64 says of numbers and speakers:
/// libsndfile 1.2 takes all numbers of WAVE_FORMAT_EXTENSIBLE there for whole
/// ones
static bool
is_read_in_w64(const int format)
{
  const int numbers = format & SF_FORMAT_SUBMASK;
  return numbers != SF_FORMAT_FLOAT && numbers != SF_FORMAT_DOUBLE &&
         numbers != SF_FORMAT_ULAW && numbers != SF_FORMAT_ALAW;
}

/// Tell that a format has nowhere to write the layout
static int
plan_untold(LayoutPlan* const plan, const char* const path)
{
  char name[LAYOUT_NAME_SIZE];
  layout_name(plan->layout.mask, name);
  if (!layout_is_usual(plan->layout)) {
    say_error(EXIT_OK,
              "warning: the format of \"%s\" cannot name the speakers %s: the "
              "channels keep their order",
              path,
              name);
  }

  plan->layout.mask = 0U;
  return EXIT_OK;
}

/// Place the channels on the only speakers that Ogg Vorbis and Opus have
static int
plan_ogg(LayoutPlan* const plan, const char* const path)
{
  char                 own[LAYOUT_NAME_SIZE];
  char                 usual[LAYOUT_NAME_SIZE];
  const Layout         layout   = plan->layout;
  const Speaker* const speakers = layout_ogg_speakers(layout.n_channels);
  if (!speakers) {
    return plan_untold(plan, path);
  }

  const LayoutFit fit = layout_place(layout, speakers, &plan->order);
  layout_name(layout.mask, own);
  layout_name(layout_usual_mask(layout.n_channels), usual);
  if (fit == LAYOUT_DAMAGED) {
    return say_error(EXIT_USAGE,
                     "the format of \"%s\" cannot hold the speakers %s, only "
                     "%s (choose another with --format, like flac)",
                     path,
                     own,
                     usual);
  }
  if (!layout.mask && layout.n_channels > 2U) {
    say_error(EXIT_OK,
              "warning: the input does not name the speakers of its %u "
              "channels: \"%s\" has them as %s",
              layout.n_channels,
              path,
              usual);
  } else if (fit != LAYOUT_FITS) {
    say_error(EXIT_OK,
              "warning: the format of \"%s\" cannot hold the speakers %s: they "
              "become %s",
              path,
              own,
              usual);
  }
  return EXIT_OK;
}

int
layout_plan(LayoutPlan* const plan,
            const Layout      layout,
            const char* const path,
            int* const        format)
{
  const bool is_w64 = (*format & SF_FORMAT_TYPEMASK) == SF_FORMAT_W64;
  plan->layout      = layout;
  plan->order       = channel_order_same(layout.n_channels);
  switch (*format & SF_FORMAT_TYPEMASK) {
  case SF_FORMAT_OGG:
    return plan_ogg(plan, path);
  case SF_FORMAT_WAV:
  case SF_FORMAT_W64:
    if (!has_to_tell(layout)) {
      plan->layout.mask = 0U;
      return EXIT_OK;
    }
    if (!has_extensible(layout, *format) ||
        (is_w64 && !is_read_in_w64(*format))) {
      return plan_untold(plan, path);
    }
    if (!is_w64) {
      *format = SF_FORMAT_WAVEX | (*format & ~SF_FORMAT_TYPEMASK);
    }
    return EXIT_OK;
  case SF_FORMAT_AIFF:
  case SF_FORMAT_CAF:
  case SF_FORMAT_FLAC:
  case SF_FORMAT_RF64:
  case SF_FORMAT_WAVEX:
    plan->layout.mask = has_to_tell(layout) ? layout.mask : 0U;
    return EXIT_OK;
  case SF_FORMAT_RAW: // Says nothing about itself, which its user knows
    return EXIT_OK;
  default:
    return plan_untold(plan, path);
  }
}

static void
tell_core_audio(const Layout layout, SNDFILE* const file, const char* const id)
{
  uint8_t       data[CORE_AUDIO_LAYOUT_SIZE];
  SF_CHUNK_INFO chunk = {{0}, 4U, 0U, data};
  memcpy(chunk.id, id, 4U);
  chunk.datalen = (unsigned)layout_to_core_audio(layout, data);
  sf_set_chunk(file, &chunk);
}

/**
   Have libsndfile write a comment as long as the one that FLAC has for a mask.

   It gives names of its own to comments, so that this one has to be replaced
   where it is written.
*/
static void
tell_flac(LayoutPlan* const plan, SNDFILE* const file)
{
  static const char name[] = "license="; // As libsndfile writes it
  const size_t      n_name = sizeof(name) - 1U;

  snprintf(plan->comment,
           MASK_COMMENT_SIZE,
           "WAVEFORMATEXTENSIBLE_CHANNEL_MASK=0x%04X",
           plan->layout.mask);
  const size_t size = strlen(plan->comment);
  memset(plan->placeholder, '?', size);
  memcpy(plan->placeholder, name, n_name);
  plan->placeholder[size] = '\0';
  sf_set_string(file, SF_STR_LICENSE, plan->placeholder + n_name);
}

void
layout_plan_tell(LayoutPlan* const plan, SNDFILE* const file, const int format)
{
  if (!plan->layout.mask) {
    return;
  }
  switch (format & SF_FORMAT_TYPEMASK) {
  case SF_FORMAT_CAF:
    tell_core_audio(plan->layout, file, "chan");
    break;
  case SF_FORMAT_AIFF:
    tell_core_audio(plan->layout, file, "CHAN");
    break;
  case SF_FORMAT_FLAC:
    tell_flac(plan, file);
    break;
  case SF_FORMAT_RF64:
  case SF_FORMAT_WAVEX:
    layout_to_sndfile(plan->layout, file);
    break;
  default:
    break;
  }
}

static uint32_t
load(const uint8_t* const p)
{
  return p[0] | ((uint32_t)p[1] << 8U) | ((uint32_t)p[2] << 16U) |
         ((uint32_t)p[3] << 24U);
}

int
layout_plan_finish(const LayoutPlan* const plan, const int fd, const int format)
{
  const int container = format & SF_FORMAT_TYPEMASK;
  if (!plan->layout.mask || layout_is_whole(plan->layout) ||
      (container != SF_FORMAT_WAVEX && container != SF_FORMAT_RF64)) {
    return 0;
  }

  uint8_t mask[MASK_SIZE];
  for (unsigned i = 0U; i < MASK_SIZE; ++i) {
    mask[i] = (uint8_t)(plan->layout.mask >> (8U * i));
  }
  uint8_t head[CHUNK_HEADER];
  off_t   place = RIFF_HEADER_SIZE;
  while (pread(fd, head, sizeof(head), place) == sizeof(head)) {
    place += CHUNK_HEADER;
    if (!memcmp(head, "fmt ", 4U)) {
      return pwrite(fd, mask, MASK_SIZE, place + MASK_PLACE) == MASK_SIZE ? 0
                                                                          : -1;
    }
    place += load(head + 4) + (load(head + 4) & 1U);
  }
  return -1;
}
