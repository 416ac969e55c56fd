// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "metadata/buffer.h"
#include "metadata/metadata.h"
#include "metadata/tags/chapters.h"
#include "metadata/tags/id3.h"
#include "metadata/tags/keys.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum {
  IS_UTF8       = 3,   ///< Encoding of texts
  MAX_IN_TABLE  = 255, ///< Chapters in a table of contents
  MAX_TABLE_ROW = 16,
};

/// Add a number of seven bits a byte
static void
add_seven(Buffer* const buffer, const size_t value)
{
  for (unsigned i = 0U; i < 4U; ++i) {
    buffer_be(buffer, (value >> (21U - (7U * i))) & 0x7FU, 1U);
  }
}

static void
add_frame(Buffer* const     tag,
          const char* const id,
          const void* const data,
          const size_t      size)
{
  buffer_add(tag, id, 4U);
  add_seven(tag, size);
  buffer_add(tag, NULL, 2U);
  buffer_add(tag, data, size);
}

/// Return whether a key is a name, or that and a description
static bool
is_described(const char* const key, const char* const name)
{
  const size_t n = strlen(name);
  return !strncasecmp(key, name, n) && (!key[n] || key[n] == ':');
}

/// Return how a text is kept: the name of its frame
static const char*
frame_of(const char* const key)
{
  const char* const name = key_translate(key, KEY_VORBIS, KEY_ID3);
  const bool        own  = strlen(key) == 4U && strcmp(key, "TXXX") &&
                   strcmp(key, "WXXX") &&
                   strspn(key,
                          "ABCDEFGHIJKLMNOPQRSTUVW"
                          "XYZ0123456789") == 4U;
  return name                                      ? name
         : is_described(key, "COMMENT")            ? "COMM"
         : is_described(key, "LYRICS")             ? "USLT"
         : own && (key[0] == 'T' || key[0] == 'W') ? key
                                                   : "TXXX";
}

/// Return whether an earlier text has the same name
static bool
is_later(const Metadata* const metadata, const size_t i)
{
  const size_t most = i < 1000U ? i : 1000U; // More would take too long
  for (size_t k = i - most; k < i; ++k) {
    if (!strcasecmp(metadata->texts[k].key, metadata->texts[i].key)) {
      return true;
    }
  }
  return false;
}

/// Add a text, and behind it, where frames may hold several, those of its name
static void
add_values(const Metadata* const metadata,
           const size_t          first,
           Buffer* const         out)
{
  const MetadataText* const text = &metadata->texts[first];
  const size_t              n    = metadata->n_texts;
  const size_t              last = n - first < 1000U ? n : first + 1000U;
  buffer_add(out, text->value, text->size);
  for (size_t i = first + 1U; i < last; ++i) {
    if (!strcasecmp(metadata->texts[i].key, text->key)) {
      buffer_add(out, NULL, 1U);
      buffer_add(out, metadata->texts[i].value, metadata->texts[i].size);
    }
  }
}

static void
add_text(const Metadata* const metadata, const size_t i, Buffer* const tag)
{
  const MetadataText* const text   = &metadata->texts[i];
  const char* const         id     = frame_of(text->key);
  const bool                spoken = !strcmp(id, "COMM") || !strcmp(id, "USLT");
  const bool                later  = is_later(metadata, i);
  const char* const         colon  = strchr(text->key, ':');
  Buffer                    data   = {0};
  char                      number[24] = "";
  if (later && !spoken) {
    return;
  }

  if (id[0] != 'W') {
    buffer_be(&data, IS_UTF8, 1U);
  }
  if (spoken) {
    if (later) {
      snprintf(number, sizeof(number), "%zu", i);
    }
    buffer_text(&data, "und");
    buffer_text(&data, colon ? colon + 1 : number);
    buffer_add(&data, NULL, 1U);
    buffer_add(&data, text->value, text->size);
  } else {
    if (!strcmp(id, "TXXX")) {
      buffer_text(&data, text->key);
      buffer_add(&data, NULL, 1U);
    }
    add_values(metadata, i, &data);
  }
  add_frame(tag, id, data.data, data.size);
  tag->failed |= data.failed;
  buffer_free(&data);
}

static void
add_picture(const MetadataPicture* const picture, Buffer* const tag)
{
  Buffer data = {0};
  buffer_be(&data, IS_UTF8, 1U);
  buffer_add(&data, picture->mime, strlen(picture->mime) + 1U);
  buffer_be(&data, picture->type < 256U ? picture->type : 0U, 1U);
  buffer_add(&data, picture->description, strlen(picture->description) + 1U);
  buffer_add(&data, picture->data, picture->size);
  add_frame(tag, "APIC", data.data, data.size);
  tag->failed |= data.failed;
  buffer_free(&data);
}

static void
add_chapter(const Metadata* const metadata, const size_t i, Buffer* const tag)
{
  const MetadataMarker* const marker  = &metadata->markers[i];
  const bool                  is_last = i + 1U == metadata->n_markers;
  const uint64_t end = marker->length ? marker->position + marker->length
                       : is_last      ? marker->position
                                      : metadata->markers[i + 1U].position;
  char           name[MAX_TABLE_ROW];
  Buffer         data  = {0};
  Buffer         title = {0};
  snprintf(name, sizeof(name), "chp%zu", i);
  buffer_add(&data, name, strlen(name) + 1U);
  buffer_be(&data, chapter_milliseconds(metadata, marker->position), 4U);
  buffer_be(&data, chapter_milliseconds(metadata, end), 4U);
  buffer_be(&data, UINT64_MAX, 8U);
  if (*marker->label) {
    buffer_be(&title, IS_UTF8, 1U);
    buffer_text(&title, marker->label);
    add_frame(&data, "TIT2", title.data, title.size);
  }
  add_frame(tag, "CHAP", data.data, data.size);
  tag->failed |= data.failed || title.failed;
  buffer_free(&title);
  buffer_free(&data);
}

/// Add the table of contents, without which many players show no chapters
static void
add_contents(const Metadata* const metadata, Buffer* const tag)
{
  const size_t n    = metadata->n_markers;
  Buffer       data = {0};
  char         name[MAX_TABLE_ROW];
  if (!n || n > MAX_IN_TABLE) {
    return;
  }
  buffer_add(&data, "toc\0\3", 5U); // The topmost, in order
  buffer_be(&data, n, 1U);
  for (size_t i = 0U; i < n; ++i) {
    snprintf(name, sizeof(name), "chp%zu", i);
    buffer_add(&data, name, strlen(name) + 1U);
  }
  add_frame(tag, "CTOC", data.data, data.size);
  tag->failed |= data.failed;
  buffer_free(&data);
}

void
id3_build(const Metadata* const metadata,
          const bool            chapters,
          Buffer* const         tag)
{
  const size_t start = tag->size;
  buffer_add(tag, "ID3\4\0\0\0\0\0\0", ID3_HEAD_SIZE);
  const size_t empty = tag->size;
  for (size_t i = 0U; i < metadata->n_texts; ++i) {
    if (!metadata->texts[i].chapter) {
      add_text(metadata, i, tag);
    }
  }
  for (size_t i = 0U; i < metadata->n_pictures; ++i) {
    add_picture(&metadata->pictures[i], tag);
  }
  for (size_t i = 0U; i < metadata->n_chunks; ++i) {
    const MetadataChunk* const chunk = &metadata->chunks[i];
    if (chunk->family == METADATA_ID3 && chunk->size) {
      add_frame(tag, chunk->id, chunk->data, chunk->size);
    }
  }
  if (chapters) {
    add_contents(metadata, tag);
    for (size_t i = 0U; i < metadata->n_markers; ++i) {
      add_chapter(metadata, i, tag);
    }
  }

  if (tag->failed || tag->size == empty) {
    tag->size = start;
    return;
  }
  Buffer size = {0};
  add_seven(&size, tag->size - empty);
  if (size.failed) {
    tag->failed = true;
  } else {
    memcpy(tag->data + start + 6U, size.data, 4U);
  }
  buffer_free(&size);
}
