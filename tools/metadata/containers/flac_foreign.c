// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "metadata/containers/flac_foreign.h"

#include "metadata/buffer.h"
#include "metadata/containers/riff_chunks.h"
#include "metadata/metadata.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// What describes the samples: the file itself knows better
static const char* const own[] =
  {"RIFF", "RF64", "fmt ", "data", "fact", "ds64", "PEAK"};

/// Return whether a chunk is in FLAC's own blocks
static bool
is_native(const MetadataChunk* const chunk)
{
  return !strcmp(chunk->id, "id3 ") || !strcmp(chunk->id, "ID3 ") ||
         (!strcmp(chunk->id, "LIST") && chunk->size >= 4U &&
          !memcmp(chunk->data, "INFO", 4U));
}

bool
flac_foreign_read(Metadata* const      metadata,
                  const uint8_t* const block,
                  const size_t         size,
                  bool* const          first)
{
  if (size < 12U || memcmp(block, "riff", 4U)) {
    return false;
  }
  for (size_t i = 0U; i < sizeof(own) / sizeof(own[0]); ++i) {
    if (!memcmp(block + 4, own[i], 4U)) {
      *first = *first && memcmp(block + 4, "data", 4U);
      return true;
    }
  }

  const size_t         n = (size_t)load_le(block + 8, 4U);
  MetadataChunk* const chunk =
    n <= size - 12U ? metadata_add_chunk(metadata, METADATA_RIFF, block + 4, n)
                    : NULL;
  if (chunk) {
    memcpy(chunk->data, block + 12, n);
    const bool labels =
      !strcmp(chunk->id, "LIST") && n >= 4U && !memcmp(chunk->data, "adtl", 4U);
    chunk->mapped = labels || !strcmp(chunk->id, "cue ") || is_native(chunk);
    chunk->first  = *first;
  }
  return true;
}

/// Add the chunk that tells the numbers of the samples
static void
build_format(const uint8_t info[STREAMINFO_SIZE], Buffer* const content)
{
  const uint32_t rate       = (uint32_t)load_be(info + 10, 3U) >> 4U;
  const uint32_t n_channels = ((info[12] >> 1U) & 7U) + 1U;
  const uint32_t bits  = (((uint32_t)load_be(info + 12, 2U) >> 4U) & 31U) + 1U;
  const uint32_t frame = n_channels * ((bits + 7U) / 8U);
  buffer_text(content, "fmt ");
  buffer_le(content, 16U, 4U);
  buffer_le(content, 1U, 2U);
  buffer_le(content, n_channels, 2U);
  buffer_le(content, rate, 4U);
  buffer_le(content, (uint64_t)rate * frame, 4U);
  buffer_le(content, frame, 2U);
  buffer_le(content, (bits + 7U) / 8U * 8U, 2U);
}

static uint64_t
data_size(const uint8_t info[STREAMINFO_SIZE])
{
  const uint64_t n_frames   = load_be(info + 13, 5U) & UINT64_C(0xFFFFFFFFF);
  const uint64_t n_channels = ((info[12] >> 1U) & 7U) + 1U;
  const uint64_t bits = (((uint32_t)load_be(info + 12, 2U) >> 4U) & 31U) + 1U;
  return n_frames * n_channels * ((bits + 7U) / 8U);
}

/// Pass on one block that holds `chunk`
static void
add_block(void (*const add)(Buffer*, const Buffer*),
          Buffer* const blocks,
          const Buffer* chunk)
{
  Buffer content = {0};
  buffer_text(&content, "riff");
  buffer_add(&content, chunk->data, chunk->size);
  content.failed |= chunk->failed;
  add(blocks, &content);
  buffer_free(&content);
}

/// Pass on the chunks that stood before or behind the samples
static uint64_t
add_chunks(const Metadata* const metadata,
           const double          ratio,
           const bool            first,
           void (*const add)(Buffer*, const Buffer*),
           Buffer* const blocks)
{
  uint64_t size = 0U;
  for (size_t i = 0U; i < metadata->n_chunks; ++i) {
    const MetadataChunk* const chunk = &metadata->chunks[i];
    if (chunk->family == METADATA_RIFF && chunk->first == first &&
        !is_native(chunk)) {
      Buffer content = {0};
      riff_encode(chunk, ratio, &content);
      size += content.size;
      if (add) {
        add_block(add, blocks, &content);
      }
      buffer_free(&content);
    }
  }
  return size;
}

void
flac_foreign_build(const Metadata* const metadata,
                   const double          ratio,
                   const uint8_t         info[STREAMINFO_SIZE],
                   void (*const add)(Buffer*, const Buffer*),
                   Buffer* const blocks)
{
  const uint64_t n_sound = data_size(info);
  const uint64_t n_more  = add_chunks(metadata, ratio, true, NULL, blocks) +
                          add_chunks(metadata, ratio, false, NULL, blocks);
  if (!n_more || n_sound + n_more + 64U > UINT32_MAX) {
    return;
  }

  Buffer head   = {0};
  Buffer format = {0};
  Buffer data   = {0};
  build_format(info, &format);
  buffer_text(&head, "RIFF");
  buffer_le(
    &head, 4U + format.size + 8U + n_sound + (n_sound & 1U) + n_more, 4U);
  buffer_text(&head, "WAVE");
  buffer_text(&data, "data");
  buffer_le(&data, n_sound, 4U);
  add_block(add, blocks, &head);
  add_block(add, blocks, &format);
  add_chunks(metadata, ratio, true, add, blocks);
  add_block(add, blocks, &data);
  add_chunks(metadata, ratio, false, add, blocks);
  buffer_free(&head);
  buffer_free(&format);
  buffer_free(&data);
}
