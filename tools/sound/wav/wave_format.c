// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/wav/wave_format.h"

#include "sound/layout/layout.h"

#include <sndfile.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// What follows the kind of numbers in the identifier of an extensible one
static const uint8_t guid_end[] = {0x00,
                                   0x00,
                                   0x00,
                                   0x00,
                                   0x10,
                                   0x00,
                                   0x80,
                                   0x00,
                                   0x00,
                                   0xAA,
                                   0x00,
                                   0x38,
                                   0x9B,
                                   0x71};

uint8_t*
wave_store(uint8_t* const p, const uint64_t value, const unsigned n_bytes)
{
  for (unsigned i = 0U; i < n_bytes; ++i) {
    p[i] = (uint8_t)(value >> (8U * i));
  }
  return p + n_bytes;
}

uint32_t
wave_sample_size(const int format)
{
  switch (format & SF_FORMAT_SUBMASK) {
  case SF_FORMAT_PCM_U8:
  case SF_FORMAT_ULAW:
  case SF_FORMAT_ALAW:
    return 1U;
  case SF_FORMAT_PCM_16:
    return 2U;
  case SF_FORMAT_PCM_24:
    return 3U;
  case SF_FORMAT_PCM_32:
  case SF_FORMAT_FLOAT:
    return 4U;
  case SF_FORMAT_DOUBLE:
    return 8U;
  default:
    return 0U;
  }
}

static uint32_t
kind_of(const int format)
{
  switch (format & SF_FORMAT_SUBMASK) {
  case SF_FORMAT_FLOAT:
  case SF_FORMAT_DOUBLE:
    return WAVE_FLOAT;
  case SF_FORMAT_ALAW:
    return WAVE_ALAW;
  case SF_FORMAT_ULAW:
    return WAVE_ULAW;
  default:
    return WAVE_PCM;
  }
}

static bool
is_extensible(const SF_INFO* const info, const Layout layout)
{
  return info->channels > 2 || !layout_is_usual(layout) ||
         (kind_of(info->format) == WAVE_PCM &&
          wave_sample_size(info->format) > 2U);
}

size_t
wave_format_store(uint8_t              p[WAVE_FORMAT_SIZE],
                  const SF_INFO* const info,
                  const Layout         layout)
{
  const bool     extensible = is_extensible(info, layout);
  const uint32_t kind       = kind_of(info->format);
  const uint32_t sample     = wave_sample_size(info->format);
  const uint32_t frame      = sample * (uint32_t)info->channels;

  uint8_t* end = wave_store(p, extensible ? WAVE_EXTENSIBLE : kind, 2U);
  end          = wave_store(end, (uint32_t)info->channels, 2U);
  end          = wave_store(end, (uint32_t)info->samplerate, 4U);
  end          = wave_store(end, (uint32_t)info->samplerate * frame, 4U);
  end          = wave_store(end, frame, 2U);
  end          = wave_store(end, 8U * sample, 2U);
  if (extensible) {
    // Of more than two channels that nobody named, nothing is said
    const uint32_t mask =
      info->channels > 2 ? layout.mask : layout_mask(layout);
    end = wave_store(end, 22U, 2U);
    end = wave_store(end, 8U * sample, 2U);
    end = wave_store(end, mask, 4U);
    end = wave_store(end, kind, 2U);
    memcpy(end, guid_end, sizeof(guid_end));
    end += sizeof(guid_end);
  }
  return (size_t)(end - p);
}
