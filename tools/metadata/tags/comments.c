// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "metadata/tags/comments.h"

#include "metadata/buffer.h"
#include "metadata/containers/containers.h"
#include "metadata/losses.h"
#include "metadata/metadata.h"
#include "metadata/tags/base64.h"
#include "metadata/tags/chapters.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char picture_key[] = "METADATA_BLOCK_PICTURE";

// Which speakers the channels are for: the new file knows best
static const char mask_key[] = "WAVEFORMATEXTENSIBLE_CHANNEL_MASK";

/// A comment in a block
typedef struct {
  const char* text;
  size_t      size;
  size_t      n_key; ///< Length of its name, 0 if it has none
} Comment;

/// Where we are in a block
typedef struct {
  const uint8_t* block;
  size_t         size;
  size_t         at;     ///< Of the next comment
  uint64_t       n_left; ///< What follows them may be filled with zeros
} Comments;

/// Find the next comment of a block
static bool
next_comment(Comments* const comments, Comment* const comment)
{
  const uint8_t* const block = comments->block;
  const size_t         size  = comments->size;
  size_t* const        at    = &comments->at;
  if (!comments->n_left || *at > size || size - *at < 4U) {
    return false;
  }
  comment->size = (size_t)load_le(block + *at, 4U);
  comment->text = (const char*)block + *at + 4U;
  if (comment->size > size - *at - 4U) {
    return false;
  }

  const void* const sign = memchr(comment->text, '=', comment->size);
  comment->n_key = sign ? (size_t)((const char*)sign - comment->text) : 0U;
  *at += 4U + comment->size;
  --comments->n_left;
  return true;
}

/// Return where the comments begin, or `size`
static size_t
first_comment(const uint8_t* const block, const size_t size)
{
  const size_t n_vendor = size >= 4U ? (size_t)load_le(block, 4U) : size;
  return size >= 8U && n_vendor <= size - 8U ? n_vendor + 8U : size;
}

static Comments
open_comments(const uint8_t* const block, const size_t size)
{
  const size_t at     = first_comment(block, size);
  const bool   is_set = size >= 8U && at <= size && at >= 8U;
  return (Comments){
    block, size, at, is_set ? load_le(block + at - 4U, 4U) : 0U};
}

static bool
has_key(const Comment* const comment, const char* const key)
{
  return comment->n_key == strlen(key) &&
         !strncasecmp(comment->text, key, comment->n_key);
}

int
flac_picture_read(Metadata* const      metadata,
                  const uint8_t* const block,
                  const size_t         size)
{
  MetadataPicture picture  = {0};
  size_t          at       = 4U;
  char*           texts[2] = {NULL, NULL};
  bool            ok       = size >= 32U;
  for (unsigned i = 0U; ok && i < 2U; ++i) {
    const size_t n = size - at >= 4U ? (size_t)load_be(block + at, 4U) : size;
    ok             = size - at >= 4U && n <= size - at - 4U;
    if (ok) {
      texts[i] = strndup((const char*)block + at + 4U, n);
      ok       = texts[i] != NULL;
      at += 4U + n;
    }
  }
  ok =
    ok && size - at >= 20U && load_be(block + at + 16U, 4U) <= size - at - 20U;
  if (ok) {
    picture.type        = (uint32_t)load_be(block, 4U);
    picture.mime        = texts[0];
    picture.description = texts[1];
    for (unsigned i = 0U; i < 4U; ++i) {
      picture.shape[i] = (uint32_t)load_be(block + at + (4U * i), 4U);
    }
    picture.size = (size_t)load_be(block + at + 16U, 4U);
    Buffer copy  = {0};
    buffer_add(&copy, block + at + 20U, picture.size);
    picture.data = copy.data;
    if (!copy.failed) {
      metadata_add_picture(metadata, &picture);
    }
    buffer_free(&copy);
  }
  free(texts[0]);
  free(texts[1]);
  return ok ? 0 : -1;
}

void
flac_picture_build(const MetadataPicture* const picture, Buffer* const block)
{
  const size_t n_mime        = strlen(picture->mime);
  const size_t n_description = strlen(picture->description);
  buffer_be(block, picture->type, 4U);
  buffer_be(block, n_mime, 4U);
  buffer_text(block, picture->mime);
  buffer_be(block, n_description, 4U);
  buffer_text(block, picture->description);
  for (unsigned i = 0U; i < 4U; ++i) {
    buffer_be(block, picture->shape[i], 4U);
  }
  buffer_be(block, picture->size, 4U);
  buffer_add(block, picture->data, picture->size);
}

/// Add a picture that is written in letters; returns 0, or -1 if it is not one
static int
read_picture(Metadata* const metadata, const Comment* const comment)
{
  const size_t start = comment->n_key + 1U;
  Buffer       block = {0};
  int          code =
    base64_decode(comment->text + start, comment->size - start, &block);
  if (!code) {
    code = flac_picture_read(metadata, block.data, block.size);
  }
  buffer_free(&block);
  return code;
}

static void
read_comment(Metadata* const metadata, const Comment* const comment)
{
  if (has_key(comment, picture_key) && !read_picture(metadata, comment)) {
    return;
  }

  const size_t start = comment->n_key ? comment->n_key + 1U : 0U;
  char* const  key   = strndup(comment->text, comment->n_key);
  if (key) {
    metadata_add_text(
      metadata, key, comment->text + start, comment->size - start);
  } else {
    metadata->overflowed = true;
  }
  free(key);
}

void
comments_read(Metadata* const      metadata,
              const uint8_t* const block,
              const size_t         size)
{
  Comment  comment;
  Comments comments = open_comments(block, size);
  while (next_comment(&comments, &comment)) {
    read_comment(metadata, &comment);
  }
  chapters_of_texts(metadata);
}

/// Start a block with the vendor and room for the number of comments
static void
begin(const Buffer* const old, Buffer* const block)
{
  const size_t at = first_comment(old->data, old->size);
  if (at < old->size || (old->size >= 8U && at == old->size)) {
    buffer_add(block, old->data, at - 4U);
  } else {
    buffer_le(block, 0U, 4U);
  }
  buffer_le(block, 0U, 4U);
}

static bool
has_text(const Metadata* const metadata, const Comment* const comment)
{
  for (size_t i = 0U; i < metadata->n_texts; ++i) {
    if (has_key(comment, metadata->texts[i].key)) {
      return true;
    }
  }
  return false;
}

/// Add the comments that only the new file has
static uint32_t
add_own(const Metadata* const metadata,
        const Buffer* const   old,
        Buffer* const         block,
        bool* const           has_mask)
{
  Comment  comment;
  uint32_t n        = 0U;
  Comments comments = open_comments(old->data, old->size);
  while (next_comment(&comments, &comment)) {
    const bool is_mask = has_key(&comment, mask_key);
    *has_mask |= is_mask;
    if (is_mask || !has_text(metadata, &comment)) {
      buffer_le(block, comment.size, 4U);
      buffer_add(block, comment.text, comment.size);
      ++n;
    }
  }
  return n;
}

static void
add_comment(Buffer* const     block,
            const char* const key,
            const void* const value,
            const size_t      size)
{
  const size_t n_key = strlen(key);
  buffer_le(block, (n_key ? n_key + 1U : 0U) + size, 4U);
  const size_t start = block->size;
  buffer_text(block, key);
  for (size_t i = start; i < block->size; ++i) { // Of other tongues
    const uint8_t c = block->data[i];
    block->data[i]  = c < 0x20U || c > 0x7DU || c == '=' ? (uint8_t)'_' : c;
  }
  buffer_text(block, n_key ? "=" : "");
  buffer_add(block, value, size);
}

static void
add_picture(Buffer* const block, const MetadataPicture* const picture)
{
  Buffer bytes   = {0};
  Buffer letters = {0};
  flac_picture_build(picture, &bytes);
  base64_encode(&bytes, &letters);
  add_comment(block, picture_key, letters.data, letters.size);
  block->failed |= bytes.failed || letters.failed;
  buffer_free(&bytes);
  buffer_free(&letters);
}

void
comments_build(const Metadata* const       metadata,
               const MetadataTarget* const target,
               const Buffer* const         old,
               const size_t                n_pictures,
               Buffer* const               block)
{
  bool has_mask = false;
  begin(old, block);
  const size_t at = block->size - 4U;
  uint32_t     n  = add_own(metadata, old, block, &has_mask);

  for (size_t i = 0U; i < metadata->n_texts; ++i) {
    const MetadataText* const text = &metadata->texts[i];
    if (!has_mask || strcasecmp(text->key, mask_key)) {
      add_comment(block, text->key, text->value, text->size);
      ++n;
    }
  }
  if (metadata->family != METADATA_FLAC && metadata->family != METADATA_OGG) {
    Chapter chapter;
    for (size_t i = 0U; chapter_of_marker(metadata, i, &chapter); ++i) {
      add_comment(block, chapter.key, chapter.time, strlen(chapter.time));
      add_comment(block, chapter.name_key, chapter.name, strlen(chapter.name));
      n += 2U;
    }
    if (!target->keeps_cues) {
      chapters_add_losses(metadata, target->losses, CHAPTERS_IN_COMMENTS);
    }
  }
  for (size_t i = 0U; i < n_pictures; ++i) {
    add_picture(block, &metadata->pictures[i]);
    ++n;
  }
  if (!block->failed) {
    store_le(block->data + at, n, 4U);
  }
}
