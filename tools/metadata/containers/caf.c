// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "metadata/buffer.h"
#include "metadata/containers/containers.h"
#include "metadata/file_bytes.h"
#include "metadata/losses.h"
#include "metadata/metadata.h"
#include "metadata/tags/keys.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
  HEAD_SIZE  = 12, ///< Of a chunk
  MARK_SIZE  = 28, ///< Of a marker
  ENTRY_SIZE = 12, ///< Of a row of the table of strings
};

// What describes the samples or fills gaps
static const char* const technical[] =
  {"desc", "data", "pakt", "chan", "free", "kuki", "peak", "ovvw", NULL};

/// Add the pairs of texts of an "info" chunk
static void
read_info(Metadata* const metadata, const uint8_t* const data, const size_t n)
{
  for (size_t at = 4U; at < n;) {
    const char* const name   = (const char*)data + at;
    const size_t      n_name = strnlen(name, n - at) + 1U;
    if (n_name >= n - at) {
      break;
    }
    const char* const text   = name + n_name;
    const size_t      n_text = strnlen(text, n - at - n_name);
    const char* const key    = key_translate(name, KEY_CAF, KEY_VORBIS);
    metadata_add_text(metadata, key ? key : name, text, n_text);
    at += n_name + n_text + 1U;
  }
}

static const MetadataChunk*
find(const Metadata* const metadata, const char* const id)
{
  for (size_t i = 0U; i < metadata->n_chunks; ++i) {
    if (!strcmp(metadata->chunks[i].id, id)) {
      return &metadata->chunks[i];
    }
  }
  return NULL;
}

/// Return a text of the table of strings by its number, empty if it has none
static const char*
find_text(const MetadataChunk* const table, const uint64_t id)
{
  const size_t size = table ? table->size : 0U;
  const size_t n    = size >= 4U ? (size_t)load_be(table->data, 4U) : 0U;
  const size_t most = size >= 4U ? (size - 4U) / ENTRY_SIZE : 0U;
  size_t       low  = 0U;
  size_t       high = n <= most ? n : 0U;
  while (low < high) { // Rows stand in order
    const size_t         middle = low + ((high - low) / 2U);
    const uint8_t* const row    = table->data + 4U + (middle * ENTRY_SIZE);
    const uint64_t       number = load_be(row, 4U);
    if (number == id) {
      const uint64_t start = 4U + (n * (uint64_t)ENTRY_SIZE);
      const uint64_t at    = load_be(row + 4, 8U);
      return at < size - start ? (const char*)table->data + start + at : "";
    }
    low  = number < id ? middle + 1U : low;
    high = number < id ? high : middle;
  }
  return "";
}

static double
load_double(const uint8_t* const p)
{
  const uint64_t bits  = load_be(p, 8U);
  double         value = 0.0;
  memcpy(&value, &bits, sizeof(value));
  return value;
}

static void
store_double(uint8_t* const p, const double value)
{
  uint64_t bits = 0U;
  memcpy(&bits, &value, sizeof(bits));
  store_be(p, bits, 8U);
}

static void
read_marks(Metadata* const metadata, const MetadataChunk* const marks)
{
  const MetadataChunk* const table  = find(metadata, "strg");
  uint64_t                   n_left = 0U;
  if (marks && marks->size >= 8U) {
    n_left = load_be(marks->data + 4, 4U);
  }
  for (size_t at = 8U; n_left && at + MARK_SIZE <= marks->size;
       at += MARK_SIZE, --n_left) {
    const double      place = load_double(marks->data + at + 4U);
    const char* const label =
      find_text(table, load_be(marks->data + at + 12U, 4U));
    if (place >= 0.0 && place < 1e15) {
      metadata_add_marker(metadata, (uint64_t)place, 0U, label, strlen(label));
    }
  }
}

void
caf_read(Metadata* const metadata, const int fd)
{
  const uint64_t end = file_size(fd);
  uint8_t        head[HEAD_SIZE];
  for (uint64_t at = 8U; !file_read(fd, at, head, sizeof(head));) {
    char           id[5] = {0};
    const uint64_t size  = load_be(head + 4, 8U);
    memcpy(id, head, 4U);
    if (size > end - at - HEAD_SIZE) {
      break;
    }
    if (!metadata_is_listed(technical, id) &&
        metadata_has_room(metadata, size)) {
      MetadataChunk* const chunk =
        metadata_add_chunk(metadata, METADATA_CAF, id, (size_t)size);
      if (!chunk) {
        break;
      }
      chunk->mapped =
        !strcmp(id, "info") || !strcmp(id, "strg") || !strcmp(id, "mark");
      if (file_read(fd, at + HEAD_SIZE, chunk->data, chunk->size)) {
        chunk->size = 0U;
      }
      chunk->data[chunk->size] = 0U; // Ends the last text
    }
    at += HEAD_SIZE + size;
  }

  const MetadataChunk* const info = find(metadata, "info");
  if (info) {
    read_info(metadata, info->data, info->size);
  }
  read_marks(metadata, find(metadata, "mark"));
}

static void
encode(Buffer* const out, const char* const id, const Buffer* const content)
{
  buffer_add(out, id, 4U);
  buffer_be(out, content->size, 8U);
  buffer_add(out, content->data, content->size);
  out->failed |= content->failed;
}

static void
build_info(const Metadata* const metadata, Buffer* const out)
{
  Buffer   info = {0};
  uint32_t n    = 0U;
  buffer_be(&info, 0U, 4U);
  for (size_t i = 0U; i < metadata->n_texts; ++i) {
    const MetadataText* const text = &metadata->texts[i];
    const char* const name = key_translate(text->key, KEY_VORBIS, KEY_CAF);
    if (text->chapter) {
      continue;
    }
    ++n;
    buffer_text(&info, name ? name : text->key);
    buffer_add(&info, NULL, 1U);
    buffer_text(&info, text->value);
    buffer_add(&info, NULL, 1U);
  }
  if (n && !info.failed) {
    store_be(info.data, n, 4U);
    encode(out, "info", &info);
  }
  buffer_free(&info);
}

static void
build_marks(const Metadata* const       metadata,
            const MetadataTarget* const target,
            Buffer* const               out)
{
  const size_t n           = metadata->n_markers;
  Buffer       marks       = {0};
  Buffer       rows        = {0};
  Buffer       texts       = {0};
  bool         has_regions = false;
  buffer_be(&marks, 0U, 4U);
  buffer_be(&marks, n, 4U);
  buffer_be(&rows, n, 4U);
  for (size_t i = 0U; i < n; ++i) {
    const MetadataMarker* const marker = &metadata->markers[i];
    uint8_t                     place[8];
    store_double(place, (double)marker->position * target->ratio);
    buffer_be(&marks, 0U, 4U);
    buffer_add(&marks, place, sizeof(place));
    buffer_be(&marks, i + 1U, 4U);
    buffer_be(&marks, UINT64_MAX, 8U); // No time code
    buffer_be(&marks, 0U, 4U);
    buffer_be(&rows, i + 1U, 4U);
    buffer_be(&rows, texts.size, 8U);
    buffer_add(&texts, marker->label, strlen(marker->label) + 1U);
    has_regions |= marker->length != 0U;
  }
  buffer_add(&rows, texts.data, texts.size);
  if (n) {
    encode(out, "strg", &rows);
    encode(out, "mark", &marks);
  }
  if (has_regions) {
    losses_add(&target->losses->lost, "lengths of regions");
  }
  out->failed |= texts.failed;
  buffer_free(&texts);
  buffer_free(&rows);
  buffer_free(&marks);
}

static void
scale_marks(uint8_t* const data, const size_t n, const double ratio)
{
  for (size_t at = 8U; at + MARK_SIZE <= n; at += MARK_SIZE) {
    store_double(data + at + 4U, load_double(data + at + 4U) * ratio);
  }
}

int
caf_write(const Metadata* const metadata, const MetadataTarget* const target)
{
  Buffer out = {0};
  for (size_t i = 0U; i < metadata->n_chunks; ++i) {
    const MetadataChunk* const chunk   = &metadata->chunks[i];
    const Buffer               content = {chunk->data, chunk->size, 0U, false};
    if (chunk->family == METADATA_CAF) {
      encode(&out, chunk->id, &content);
    }
    if (chunk->family == METADATA_CAF && !strcmp(chunk->id, "mark") &&
        target->ratio != 1.0 && !out.failed) {
      scale_marks(
        out.data + out.size - chunk->size, chunk->size, target->ratio);
    }
  }
  if (metadata->family != METADATA_CAF) {
    build_info(metadata, &out);
    build_marks(metadata, target, &out);
    losses_count(
      &target->losses->lost, metadata->n_pictures, "picture", "pictures");
  }
  losses_add_chunks(target->losses, metadata, METADATA_CAF);
  const int code =
    out.failed ||
        (out.size &&
         file_write(target->fd, file_size(target->fd), out.data, out.size))
      ? -1
      : 0;
  buffer_free(&out);
  return code;
}
