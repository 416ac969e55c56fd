// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "metadata/buffer.h"
#include "metadata/containers/containers.h"
#include "metadata/containers/flac_foreign.h"
#include "metadata/file_bytes.h"
#include "metadata/losses.h"
#include "metadata/metadata.h"
#include "metadata/tags/comments.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Types of metadata blocks
enum {
  PADDING     = 1,
  APPLICATION = 2,
  COMMENTS    = 4,
  CUESHEET    = 5,
  PICTURE     = 6,
  INVALID     = 127,
};

enum {
  BLOCK_LIMIT = (1 << 24) - 1, ///< Bytes of a block
  CUE_HEAD    = 396,           ///< Bytes of a cue sheet before the tracks
};

/// A metadata block in a file
typedef struct {
  unsigned type;
  bool     last;
  uint64_t at; ///< Of its content
  size_t   size;
} Block;

/// Find the block behind another, which begins as {0, false, 4, 0}
static bool
next_block(const int fd, Block* const block)
{
  uint8_t        head[4];
  const uint64_t at = block->at + block->size;
  if (block->last || file_read(fd, at, head, sizeof(head))) {
    return false;
  }
  block->type = head[0] & 0x7FU;
  block->last = head[0] & 0x80U;
  block->size = (size_t)load_be(head + 1, 3U);
  block->at   = at + 4U;
  return block->type != INVALID && block->at + block->size <= file_size(fd);
}

static void
read_block(const int fd, const Block* const block, Buffer* const content)
{
  buffer_add(content, NULL, block->size);
  if (!content->failed && content->size &&
      file_read(fd, block->at, content->data, content->size)) {
    content->failed = true;
  }
}

static void
add_block(Metadata* const     metadata,
          const unsigned      type,
          const Buffer* const content,
          bool* const         first)
{
  if (type == COMMENTS) {
    comments_read(metadata, content->data, content->size);
  } else if (type == PICTURE) {
    flac_picture_read(metadata, content->data, content->size);
  } else if (type == CUESHEET ||
             (type == APPLICATION &&
              !flac_foreign_read(
                metadata, content->data, content->size, first))) {
    MetadataChunk* const chunk =
      metadata_add_chunk(metadata,
                         METADATA_FLAC,
                         type == CUESHEET ? "CUES" : "APPL",
                         content->size);
    if (chunk && content->size) {
      memcpy(chunk->data, content->data, content->size);
    }
  }
}

void
flac_read(Metadata* const metadata, const int fd)
{
  Block block = {0U, false, 4U, 0U};
  bool  first = true;
  while (next_block(fd, &block)) {
    Buffer content = {0};
    if (block.type != PADDING && metadata_has_room(metadata, block.size)) {
      read_block(fd, &block, &content);
      if (!content.failed) {
        add_block(metadata, block.type, &content, &first);
      }
    }
    buffer_free(&content);
  }
}

/// Add a block, or return -1 if it is too large
static int
add(Buffer* const blocks, const unsigned type, const Buffer* const content)
{
  if (content->size > BLOCK_LIMIT || content->failed) {
    blocks->failed |= content->failed;
    return -1;
  }
  buffer_be(blocks, type, 1U);
  buffer_be(blocks, content->size, 3U);
  buffer_add(blocks, content->data, content->size);
  return 0;
}

static void
scale_place(uint8_t* const place, const double ratio)
{
  const double at = ((double)load_be(place, 8U) * ratio) + 0.5;
  store_be(place, at < 1e18 ? (uint64_t)at : 0U, 8U);
}

static void
scale_cuesheet(Buffer* const sheet, const double ratio)
{
  if (ratio == 1.0 || sheet->failed || sheet->size < CUE_HEAD) {
    return;
  }
  const unsigned n_tracks = sheet->data[CUE_HEAD - 1];
  size_t         at       = CUE_HEAD;
  for (unsigned i = 0U; i < n_tracks && at + 36U <= sheet->size; ++i) {
    const unsigned n_indices = sheet->data[at + 35U];
    scale_place(sheet->data + at, ratio);
    at += 36U;
    for (unsigned j = 0U; j < n_indices && at + 12U <= sheet->size; ++j) {
      scale_place(sheet->data + at, ratio); // Counted from the track's start
      at += 12U;
    }
  }
}

static void
add_chunks(const Metadata* const       metadata,
           const MetadataTarget* const target,
           Buffer* const               blocks)
{
  for (size_t i = 0U; i < metadata->n_chunks; ++i) {
    const MetadataChunk* const chunk   = &metadata->chunks[i];
    Buffer                     content = {0};
    if (chunk->family != METADATA_FLAC) {
      continue;
    }
    buffer_add(&content, chunk->data, chunk->size);
    const bool is_sheet = !strcmp(chunk->id, "CUES");
    if (is_sheet) {
      scale_cuesheet(&content, target->ratio);
    }
    add(blocks, is_sheet ? CUESHEET : APPLICATION, &content);
    buffer_free(&content);
  }
}

static void
add_pictures(const Metadata* const       metadata,
             const MetadataTarget* const target,
             Buffer* const               blocks)
{
  size_t n_lost = 0U;
  for (size_t i = 0U; i < metadata->n_pictures; ++i) {
    Buffer content = {0};
    flac_picture_build(&metadata->pictures[i], &content);
    n_lost += add(blocks, PICTURE, &content) ? 1U : 0U;
    buffer_free(&content);
  }
  losses_count(&target->losses->lost, n_lost, "picture", "pictures");
}

static void
add_comments(const Metadata* const       metadata,
             const MetadataTarget* const target,
             const Buffer* const         old,
             Buffer* const               blocks)
{
  Buffer         content = {0};
  MetadataTarget here    = *target;
  here.keeps_cues        = metadata_has_chunk(metadata, METADATA_RIFF, "cue ");
  comments_build(metadata, &here, old, 0U, &content);
  if (add(blocks, COMMENTS, &content)) {
    losses_count(&target->losses->lost, metadata->n_texts, "text", "texts");
    add(blocks, COMMENTS, old);
  }
  buffer_free(&content);
}

static void
add_application(Buffer* const blocks, const Buffer* const content)
{
  add(blocks, APPLICATION, content);
}

/// Add the chunks of RIFF files, and say where they are to be found
static void
add_foreign(const Metadata* const       metadata,
            const MetadataTarget* const target,
            Buffer* const               blocks)
{
  uint8_t       info[STREAMINFO_SIZE];
  Buffer        names = {0};
  Buffer* const told  = &target->losses->changed;
  if (file_read(target->fd, 8U, info, sizeof(info))) {
    return;
  }
  flac_foreign_build(metadata, target->ratio, info, add_application, blocks);
  losses_add_family(&names, metadata, METADATA_RIFF);
  if (names.size && metadata->family == METADATA_RIFF) {
    buffer_text(told, told->size ? ", " : "");
    buffer_add(told, names.data, names.size);
    buffer_text(told, " became foreign metadata");
  }
  buffer_free(&names);
}

/// Note that the last block of all is the last
static void
mark_last(Buffer* const blocks)
{
  size_t last = 0U;
  for (size_t at = 0U; at + 4U <= blocks->size;) {
    last = at;
    at += 4U + (size_t)load_be(blocks->data + at + 1U, 3U);
  }
  if (blocks->size) {
    blocks->data[last] |= 0x80U;
  }
}

int
flac_write(const Metadata* const metadata, const MetadataTarget* const target)
{
  Block  block  = {0U, false, 4U, 0U};
  Buffer blocks = {0};
  Buffer old    = {0};
  while (next_block(target->fd, &block)) {
    Buffer content = {0};
    read_block(target->fd, &block, &content);
    if (block.type == COMMENTS && !old.size) {
      old     = content;
      content = (Buffer){0};
    } else if (block.type != PADDING) {
      add(&blocks, block.type, &content);
    }
    buffer_free(&content);
  }

  const uint64_t end = block.at + block.size;
  add_comments(metadata, target, &old, &blocks);
  add_pictures(metadata, target, &blocks);
  add_chunks(metadata, target, &blocks);
  add_foreign(metadata, target, &blocks);
  losses_add_chunks(target->losses, metadata, METADATA_FLAC);
  const int failed = blocks.failed || old.failed || !block.last;
  if (!failed) {
    mark_last(&blocks);
  }
  const int code =
    failed ? -1
           : file_replace(target->fd, 4U, end - 4U, blocks.data, blocks.size);
  buffer_free(&blocks);
  buffer_free(&old);
  return code;
}
