// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/wav/wav_header.h"

#include "files/output.h"
#include "sound/layout/layout.h"
#include "sound/wav/wave_format.h"

#include <sndfile.h>

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Sizes of what stands around the fmt chunk
enum {
  HEADER_SIZE  = 12 + 8 + 8, ///< Without what is in the fmt chunk
  MOST_OF_WAVE = HEADER_SIZE + WAVE_FORMAT_SIZE,
};

static uint8_t*
store_tag(uint8_t* const p, const char* const tag)
{
  memcpy(p, tag, 4U);
  return p + 4;
}

int
wav_header_write(OutputFile* const    file,
                 const SF_INFO* const info,
                 const Layout         layout,
                 const int64_t        n_frames)
{
  const uint32_t frame_size =
    wave_sample_size(info->format) * (uint32_t)info->channels;
  if (!frame_size) {
    errno = ENOTSUP;
    return -1;
  }

  const int64_t  most  = (INT64_C(0xFFFFFFFF) - MOST_OF_WAVE) / frame_size;
  const bool     known = n_frames >= 0 && n_frames <= most;
  const uint32_t size  = known ? (uint32_t)n_frames * frame_size : UINT32_MAX;

  uint8_t      format[WAVE_FORMAT_SIZE];
  const size_t n_format = wave_format_store(format, info, layout);
  const size_t n_header = HEADER_SIZE + n_format;

  uint8_t  header[MOST_OF_WAVE];
  uint8_t* p = store_tag(header, "RIFF");
  p          = wave_store(p, known ? size + n_header - 8U : UINT32_MAX, 4U);
  p          = store_tag(store_tag(p, "WAVE"), "fmt ");
  p          = wave_store(p, n_format, 4U);
  memcpy(p, format, n_format);
  p = store_tag(p + n_format, "data");
  wave_store(p, size, 4U);
  return output_file_write(file, header, n_header);
}
