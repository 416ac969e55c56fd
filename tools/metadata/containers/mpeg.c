// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "metadata/buffer.h"
#include "metadata/containers/containers.h"
#include "metadata/file_bytes.h"
#include "metadata/losses.h"
#include "metadata/metadata.h"
#include "metadata/tags/chapters.h"
#include "metadata/tags/id3.h"
#include "metadata/tags/keys.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum {
  OLD_SIZE = 128, ///< Of an ID3v1 tag, at the end
  APE_HEAD = 32,  ///< Of what begins and ends an APE tag
};

/// Add a part of the file as a chunk, return its content or null
static const uint8_t*
add_part(Metadata* const   metadata,
         const int         fd,
         const char* const id,
         const uint64_t    at,
         const uint64_t    size)
{
  MetadataChunk* const chunk =
    metadata_has_room(metadata, size)
      ? metadata_add_chunk(metadata, METADATA_MPEG, id, (size_t)size)
      : NULL;
  if (!chunk) {
    return NULL;
  }
  if (file_read(fd, at, chunk->data, chunk->size)) {
    chunk->size = 0U;
    return NULL;
  }
  chunk->mapped = true;
  return chunk->data;
}

/// Add a text of fixed size that spaces or a zero end
static void
add_field(Metadata* const   metadata,
          const char* const key,
          const void* const text,
          const size_t      size)
{
  size_t n = strnlen((const char*)text, size);
  while (n && ((const char*)text)[n - 1U] == ' ') {
    --n;
  }
  if (n) {
    metadata_add_text(metadata, key, text, n);
  }
}

/// Add the texts of an ID3v1 tag, which cuts them short
static void
read_old(Metadata* const metadata, const uint8_t* const tag)
{
  char number[8];
  add_field(metadata, "TITLE", tag + 3, 30U);
  add_field(metadata, "ARTIST", tag + 33, 30U);
  add_field(metadata, "ALBUM", tag + 63, 30U);
  add_field(metadata, "DATE", tag + 93, 4U);
  add_field(metadata, "COMMENT", tag + 97, tag[125] ? 30U : 28U);
  if (!tag[125] && tag[126]) {
    snprintf(number, sizeof(number), "%u", tag[126]);
    add_field(metadata, "TRACKNUMBER", number, strlen(number));
  }
  if (tag[127] < 255U) {
    snprintf(number, sizeof(number), "(%u)", tag[127]);
    add_field(metadata, "GENRE", number, strlen(number));
  }
}

static void
add_ape_picture(Metadata* const metadata, const char* const name, Buffer* value)
{
  const void* const end =
    value->size ? memchr(value->data, 0, value->size) : NULL;
  const size_t start =
    end ? (size_t)((const uint8_t*)end - value->data) + 1U : 0U;
  char                  mime[]  = "image/";
  char                  none[]  = "";
  const MetadataPicture picture = {mime,
                                   none,
                                   strstr(name, "ront") ? FRONT_COVER : 0U,
                                   {0U, 0U, 0U, 0U},
                                   value->data + start,
                                   value->size - start};
  if (end && picture.size) {
    metadata_add_picture(metadata, &picture);
  }
}

/// Add the items of an APE tag, behind its header
static void
read_ape(Metadata* const metadata, const uint8_t* const items, const size_t n)
{
  for (size_t at = 0U; at + 9U <= n;) {
    const size_t   size   = (size_t)load_le(items + at, 4U);
    const unsigned type   = items[at + 4U] >> 1U & 3U;
    const char*    name   = (const char*)items + at + 8U;
    const size_t   n_name = strnlen(name, n - at - 8U) + 1U;
    if (n_name > n - at - 8U || size > n - at - 8U - n_name) {
      break;
    }
    const char* const key   = key_translate(name, KEY_APE, KEY_VORBIS);
    Buffer            value = {0};
    buffer_add(&value, items + at + 8U + n_name, size);
    if (value.failed) {
      metadata->overflowed = true;
    } else if (type != 1U) {
      metadata_add_text(
        metadata, key ? key : name, size ? value.data : items, size);
    } else if (!strncmp(name, "Cover Art", 9U)) {
      add_ape_picture(metadata, name, &value);
    }
    buffer_free(&value);
    at += 8U + n_name + size;
  }
}

/// Read the tags at the end
static void
read_end(Metadata* const metadata, const int fd)
{
  uint64_t end = file_size(fd);
  uint8_t  head[APE_HEAD];
  char     magic[3];
  bool     is_old = false;
  if (end >= OLD_SIZE && !file_read(fd, end - OLD_SIZE, magic, sizeof(magic))) {
    is_old = !memcmp(magic, "TAG", sizeof(magic));
    end -= is_old ? (uint64_t)OLD_SIZE : 0U;
  }
  if (end >= APE_HEAD && !file_read(fd, end - APE_HEAD, head, APE_HEAD) &&
      !memcmp(head, "APETAGEX", 8U)) {
    const uint64_t       n     = load_le(head + 12, 4U);
    const uint64_t       extra = head[23] & 0x80U ? APE_HEAD : 0U;
    const uint8_t* const tag =
      n >= APE_HEAD && n + extra <= end
        ? add_part(metadata, fd, "APE ", end - n - extra, n + extra)
        : NULL;
    if (tag) {
      metadata_begin_tag(metadata);
      read_ape(metadata, tag + extra, (size_t)n - APE_HEAD);
    }
  }
  if (is_old) {
    const bool           first = !metadata->n_texts;
    const uint8_t* const tag =
      add_part(metadata, fd, "TAG ", file_size(fd) - OLD_SIZE, OLD_SIZE);
    if (tag && first) {
      read_old(metadata, tag);
    }
  }
}

void
mpeg_read(Metadata* const metadata, const int fd)
{
  const uint64_t end = file_size(fd);
  uint8_t        head[ID3_HEAD_SIZE];
  uint64_t       at = 0U;
  while (!file_read(fd, at, head, sizeof(head))) {
    const size_t size = id3_size(head);
    if (!size || size > end - at) {
      break;
    }
    const uint8_t* const tag = add_part(metadata, fd, "ID3 ", at, size);
    const size_t         i   = metadata->n_chunks - 1U;
    if (tag && !id3_read(metadata, tag, size)) {
      memcpy(metadata->chunks[i].id, "id3 ", 4U); // To be made anew
    }
    at += size;
  }
  read_end(metadata, fd);
}

/// Return whether a tag is to be made, not to be copied
static bool
is_new(const Metadata* const metadata)
{
  return metadata->family != METADATA_MPEG ||
         metadata_has_chunk(metadata, METADATA_MPEG, "id3 ");
}

int
mpeg_write(const Metadata* const metadata, const MetadataTarget* const target)
{
  Buffer     front = {0};
  Buffer     back  = {0};
  const bool makes = is_new(metadata);
  for (size_t i = 0U; i < metadata->n_chunks; ++i) {
    const MetadataChunk* const chunk = &metadata->chunks[i];
    if (chunk->family == METADATA_MPEG && strcmp(chunk->id, "id3 ")) {
      const bool in_front = !strcmp(chunk->id, "ID3 ");
      if (!in_front || !makes) {
        buffer_add(in_front ? &front : &back, chunk->data, chunk->size);
      }
    }
  }
  if (makes) {
    id3_build(metadata, true, &front);
    chapters_add_losses(metadata, target->losses, SIZE_MAX);
  }
  losses_add_chunks(target->losses, metadata, METADATA_MPEG);

  const int code =
    front.failed || back.failed ||
        (back.size &&
         file_write(target->fd, file_size(target->fd), back.data, back.size)) ||
        (front.size && file_replace(target->fd, 0U, 0U, front.data, front.size))
      ? -1
      : 0;
  buffer_free(&front);
  buffer_free(&back);
  return code;
}
