// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/wav_header.h"

#include "files/output.h"

#include <sndfile.h>

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { HEADER_SIZE = 44 };

static uint8_t*
store(uint8_t* const p, const uint32_t value, const unsigned n_bytes)
{
  for (unsigned i = 0U; i < n_bytes; ++i) {
    p[i] = (uint8_t)(value >> (8U * i));
  }
  return p + n_bytes;
}

static uint8_t*
store_tag(uint8_t* const p, const char* const tag)
{
  memcpy(p, tag, 4U);
  return p + 4;
}

int
wav_header_write(OutputFile* const    file,
                 const SF_INFO* const info,
                 const int64_t        n_frames)
{
  const int      numbers    = info->format & SF_FORMAT_SUBMASK;
  const bool     is_float   = numbers == SF_FORMAT_FLOAT;
  const uint32_t n_bytes    = numbers == SF_FORMAT_PCM_16   ? 2U
                              : numbers == SF_FORMAT_PCM_24 ? 3U
                                                            : 4U;
  const uint32_t frame_size = n_bytes * (uint32_t)info->channels;
  const int64_t  most       = (INT64_C(0xFFFFFFFF) - HEADER_SIZE) / frame_size;
  const bool     known      = n_frames >= 0 && n_frames <= most;
  const uint32_t size = known ? (uint32_t)n_frames * frame_size : UINT32_MAX;

  if (!is_float && numbers != SF_FORMAT_PCM_16 && numbers != SF_FORMAT_PCM_24 &&
      numbers != SF_FORMAT_PCM_32) {
    errno = ENOTSUP;
    return -1;
  }

  uint8_t  header[HEADER_SIZE];
  uint8_t* p = store_tag(header, "RIFF");
  p          = store(p, known ? size + HEADER_SIZE - 8U : UINT32_MAX, 4U);
  p          = store_tag(store_tag(p, "WAVE"), "fmt ");
  p          = store(p, 16U, 4U);
  p          = store(p, is_float ? 3U : 1U, 2U);
  p          = store(p, (uint32_t)info->channels, 2U);
  p          = store(p, (uint32_t)info->samplerate, 4U);
  p          = store(p, (uint32_t)info->samplerate * frame_size, 4U);
  p          = store(p, frame_size, 2U);
  p          = store(p, 8U * n_bytes, 2U);
  p          = store_tag(p, "data");
  store(p, size, 4U);

  return output_file_write(file, header, sizeof(header));
}
