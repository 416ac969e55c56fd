// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "metadata/containers/riff_chunks.h"

#include "metadata/buffer.h"
#include "metadata/containers/riff_markers.h"
#include "metadata/file_bytes.h"
#include "metadata/metadata.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// What follows the four letters in the names of W64
static const uint8_t riff_guid[] =
  {0x2E, 0x91, 0xCF, 0x11, 0xA5, 0xD6, 0x28, 0xDB, 0x04, 0xC1, 0x00, 0x00};

bool
riff_open(Riff* const riff, const int fd)
{
  uint8_t head[40] = {0};
  memset(riff, 0, sizeof(*riff));
  riff->fd        = fd;
  riff->file_size = file_size(fd);
  if (file_read(fd, 0U, head, sizeof(head))) {
    return false;
  }

  if (!memcmp(head, "riff", 4U) && !memcmp(head + 4, riff_guid, 12U)) {
    riff->kind = RIFF_W64;
  } else if (memcmp(head + 8, "WAVE", 4U)) {
    riff->kind = RIFF_NOT;
  } else if (!memcmp(head, "RIFF", 4U)) {
    riff->kind = RIFF_PLAIN;
  } else if (!memcmp(head, "RF64", 4U) || !memcmp(head, "BW64", 4U)) {
    riff->kind      = RIFF_RF64;
    riff->data_size = load_le(head + 28, 8U);
  }
  return riff->kind != RIFF_NOT;
}

static bool
is_name(const uint8_t* const id)
{
  for (unsigned i = 0U; i < 4U; ++i) {
    if (id[i] < 0x20U || id[i] > 0x7EU) {
      return false;
    }
  }
  return true;
}

/// Read a header of a chunk at `start`
static bool
read_header(const Riff* const riff,
            const uint64_t    start,
            RiffChunk* const  chunk)
{
  const bool     w64      = riff->kind == RIFF_W64;
  const size_t   n        = w64 ? 24U : 8U;
  uint8_t        head[24] = {0};
  const uint64_t size     = riff->file_size;
  if (start > size || size - start < n || file_read(riff->fd, start, head, n) ||
      !is_name(head)) {
    return false;
  }

  memcpy(chunk->id, head, 4U);
  chunk->start = start;
  chunk->at    = start + n;
  chunk->size  = w64 ? load_le(head + 16, 8U) : load_le(head + 4, 4U);
  if (w64) {
    chunk->size -= chunk->size < n ? chunk->size : n;
    memcpy(chunk->id, strcmp(chunk->id, "list") ? chunk->id : "LIST", 4U);
  }
  if (riff->kind == RIFF_RF64 && !strcmp(chunk->id, "data") &&
      chunk->size == UINT32_MAX) {
    chunk->size = riff->data_size;
  }
  return true;
}

/// Return where the next chunk begins; some programs forget the zero byte
/// behind an odd one
static uint64_t
end_of(const Riff* const riff, const RiffChunk* const chunk)
{
  const uint64_t end = chunk->at + chunk->size;
  uint8_t        pad = 0U;
  if (riff->kind == RIFF_W64) {
    return (end + 7U) & ~UINT64_C(7);
  }
  return (end & 1U) && !file_read(riff->fd, end, &pad, 1U) && !pad ? end + 1U
                                                                   : end;
}

bool
riff_next(const Riff* const riff, RiffChunk* const chunk)
{
  if (!chunk->at) {
    return read_header(riff, riff->kind == RIFF_W64 ? 40U : 12U, chunk);
  }
  return chunk->size <= riff->file_size &&
         read_header(riff, end_of(riff, chunk), chunk);
}

void
riff_encode(const MetadataChunk* const chunk,
            const double               ratio,
            Buffer* const              buffer)
{
  buffer_add(buffer, chunk->id, 4U);
  buffer_le(buffer, chunk->size, 4U);

  const size_t start = buffer->size;
  buffer_add(buffer, chunk->data, chunk->size);
  if (!buffer->failed) {
    riff_scale(chunk->id, buffer->data + start, chunk->size, ratio);
  }
  buffer_add(buffer, NULL, chunk->size % 2U);
}
