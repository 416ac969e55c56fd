// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/wav/w64_header.h"

#include "files/output.h"
#include "sound/layout/layout.h"
#include "sound/wav/wave_format.h"

#include <sndfile.h>

#include <unistd.h>

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Sizes and places of chunks, whose sizes count their headers
enum {
  GUID_SIZE    = 16,
  CHUNK_HEADER = GUID_SIZE + 8,
  FORMAT_PLACE = CHUNK_HEADER + GUID_SIZE,
  FACT_PLACE   = FORMAT_PLACE + CHUNK_HEADER + WAVE_FORMAT_SIZE,
  DATA_PLACE   = FACT_PLACE + CHUNK_HEADER + 8,
  HEADER_SIZE  = DATA_PLACE + CHUNK_HEADER,
};

/// What follows the four letters of identifiers, of the file and of the others
static const uint8_t riff_end[] =
  {0x2E, 0x91, 0xCF, 0x11, 0xA5, 0xD6, 0x28, 0xDB, 0x04, 0xC1, 0x00, 0x00};
static const uint8_t chunk_end[] =
  {0xF3, 0xAC, 0xD3, 0x11, 0x8C, 0xD1, 0x00, 0xC0, 0x4F, 0x8E, 0xDB, 0x8A};

static uint8_t*
store_id(uint8_t* const p, const char* const letters, const uint8_t* const end)
{
  memcpy(p, letters, 4U);
  memcpy(p + 4, end, GUID_SIZE - 4U);
  return p + GUID_SIZE;
}

static uint8_t*
store_chunk(uint8_t* const p, const char* const letters, const uint64_t size)
{
  return wave_store(store_id(p, letters, chunk_end), CHUNK_HEADER + size, 8U);
}

int
w64_header_write(OutputFile* const    file,
                 const SF_INFO* const info,
                 const Layout         layout)
{
  uint8_t  header[HEADER_SIZE] = {0U};
  uint8_t* p                   = store_id(header, "riff", riff_end);
  store_id(p + 8, "wave", chunk_end);
  p = store_chunk(header + FORMAT_PLACE, "fmt ", WAVE_FORMAT_SIZE);
  wave_format_store(p, info, layout);
  store_chunk(header + FACT_PLACE, "fact", 8U);
  store_chunk(header + DATA_PLACE, "data", 0U);
  return output_file_write(file, header, sizeof(header));
}

static int
write_number(const int fd, const off_t place, const uint64_t number)
{
  uint8_t bytes[8];
  wave_store(bytes, number, sizeof(bytes));
  return pwrite(fd, bytes, sizeof(bytes), place) == sizeof(bytes) ? 0 : -1;
}

int
w64_header_finish(OutputFile* const file,
                  const int64_t     size,
                  const uint32_t    frame_size)
{
  static const uint8_t zeros[8] = {0U};

  const uint64_t n_bytes  = (uint64_t)size;
  const size_t   n_filled = (size_t)(-n_bytes & 7U);
  return lseek(file->fd, HEADER_SIZE + size, SEEK_SET) < 0 ||
             output_file_write(file, zeros, n_filled) ||
             write_number(
               file->fd, GUID_SIZE, HEADER_SIZE + n_bytes + n_filled) ||
             write_number(
               file->fd, FACT_PLACE + CHUNK_HEADER, n_bytes / frame_size) ||
             write_number(
               file->fd, DATA_PLACE + GUID_SIZE, CHUNK_HEADER + n_bytes)
           ? -1
           : 0;
}
