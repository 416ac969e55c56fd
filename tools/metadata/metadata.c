// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "metadata/metadata.h"

#include "metadata/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

bool
metadata_is_listed(const char* const* const names, const char* const id)
{
  size_t i = 0U;
  while (names[i] && strcmp(names[i], id)) {
    ++i;
  }
  return names[i];
}

bool
metadata_has_room(Metadata* const metadata, const uint64_t n)
{
  const bool fits = n <= METADATA_LIMIT - metadata->n_bytes;
  metadata->overflowed |= !fits;
  return fits;
}

/// Make room for one more item and take account of `n` bytes
static void*
grow(Metadata* const metadata,
     void* const     items,
     const size_t    n_items,
     const size_t    item_size,
     const size_t    n)
{
  const bool is_full = !(n_items & (n_items - 1U)); // 0, or a power of two
  if (!metadata_has_room(metadata, n + item_size)) {
    return NULL;
  }

  void* const larger =
    is_full ? realloc(items, (n_items ? 2U * n_items : 1U) * item_size) : items;
  if (larger) {
    metadata->n_bytes += n + item_size;
  } else {
    metadata->overflowed = true;
  }
  return larger;
}

void
metadata_begin_tag(Metadata* const metadata)
{
  const size_t most = 1000U; // More would take too long to compare
  metadata->n_known = metadata->n_texts < most ? metadata->n_texts : most;
  metadata->n_seen  = metadata->n_pictures < most ? metadata->n_pictures : most;
}

static bool
has_text(const Metadata* const metadata,
         const char* const     key,
         const char* const     value,
         const size_t          size)
{
  for (size_t i = 0U; i < metadata->n_known; ++i) {
    const MetadataText* const text = &metadata->texts[i];
    if (text->size == size && !memcmp(text->value, value, size) &&
        !strcasecmp(text->key, key)) {
      return true;
    }
  }
  return false;
}

void
metadata_add_text(Metadata* const   metadata,
                  const char* const key,
                  const void* const value,
                  const size_t      size)
{
  MetadataText        text   = {NULL, NULL, 0U, false};
  MetadataText* const larger = (MetadataText*)grow(metadata,
                                                   metadata->texts,
                                                   metadata->n_texts,
                                                   sizeof(MetadataText),
                                                   (2U * size) + strlen(key));
  if (!larger) {
    return;
  }

  metadata->texts = larger;
  text.key        = strdup(key);
  text.value      = text_utf8(value, size, &text.size);
  if (!text.key || !text.value ||
      has_text(metadata, key, text.value, text.size)) {
    metadata->overflowed |= !text.key || !text.value;
    free(text.key);
    free(text.value);
    return;
  }
  metadata->texts[metadata->n_texts++] = text;
}

static void
free_picture(const MetadataPicture* const picture)
{
  free(picture->mime);
  free(picture->description);
  free(picture->data);
}

/// Return whether the same picture is there, maybe in another tag
static bool
has_picture(const Metadata* const metadata, const MetadataPicture* const other)
{
  for (size_t i = 0U; i < metadata->n_seen; ++i) {
    const MetadataPicture* const picture = &metadata->pictures[i];
    if (picture->type == other->type && picture->size == other->size &&
        !memcmp(picture->data, other->data, other->size) &&
        !strcmp(picture->description, other->description)) {
      return true;
    }
  }
  return false;
}

void
metadata_add_picture(Metadata* const              metadata,
                     const MetadataPicture* const picture)
{
  if (has_picture(metadata, picture)) {
    return;
  }
  MetadataPicture* const larger = (MetadataPicture*)grow(
    metadata,
    metadata->pictures,
    metadata->n_pictures,
    sizeof(MetadataPicture),
    picture->size + strlen(picture->mime) + strlen(picture->description));
  if (!larger) {
    return;
  }

  metadata->pictures   = larger;
  MetadataPicture copy = *picture;
  copy.mime            = strdup(picture->mime);
  copy.description     = strdup(picture->description);
  copy.data            = (uint8_t*)malloc(picture->size + 1U);
  if (!copy.mime || !copy.description || !copy.data) {
    metadata->overflowed = true;
    free_picture(&copy);
    return;
  }
  memcpy(copy.data, picture->data, picture->size);
  metadata->pictures[metadata->n_pictures++] = copy;
}

void
metadata_add_marker(Metadata* const   metadata,
                    const uint64_t    position,
                    const uint64_t    length,
                    const void* const label,
                    const size_t      size)
{
  if (metadata->n_markers >= METADATA_MARKERS) {
    metadata->overflowed = true;
    return;
  }
  MetadataMarker* const larger = (MetadataMarker*)grow(metadata,
                                                       metadata->markers,
                                                       metadata->n_markers,
                                                       sizeof(MetadataMarker),
                                                       2U * size);
  if (!larger) {
    return;
  }

  size_t      n_label = 0U;
  char* const text    = text_utf8(label, size, &n_label);
  metadata->markers   = larger;
  metadata->overflowed |= !text;
  if (text) {
    const MetadataMarker marker              = {position, length, text};
    metadata->markers[metadata->n_markers++] = marker;
  }
}

MetadataChunk*
metadata_add_chunk(Metadata* const      metadata,
                   const MetadataFamily family,
                   const void* const    id,
                   const size_t         size)
{
  MetadataChunk* const larger = (MetadataChunk*)grow(metadata,
                                                     metadata->chunks,
                                                     metadata->n_chunks,
                                                     sizeof(MetadataChunk),
                                                     size);
  if (!larger) {
    return NULL;
  }

  metadata->chunks           = larger;
  MetadataChunk* const chunk = &larger[metadata->n_chunks];
  memset(chunk, 0, sizeof(*chunk));
  memcpy(chunk->id, id, 4U);
  chunk->family = family;
  chunk->size   = size;
  chunk->data   = (uint8_t*)malloc(size + 1U);
  if (!chunk->data) {
    metadata->overflowed = true;
    return NULL;
  }
  ++metadata->n_chunks;
  return chunk;
}

bool
metadata_has_chunk(const Metadata* const metadata,
                   const MetadataFamily  family,
                   const char* const     id)
{
  for (size_t i = 0U; i < metadata->n_chunks; ++i) {
    if (metadata->chunks[i].family == family &&
        !strcmp(metadata->chunks[i].id, id)) {
      return true;
    }
  }
  return false;
}

static int
compare_markers(const void* const a, const void* const b)
{
  const MetadataMarker* const x = (const MetadataMarker*)a;
  const MetadataMarker* const y = (const MetadataMarker*)b;
  return (x->position > y->position) - (x->position < y->position);
}

void
metadata_sort_markers(Metadata* const metadata)
{
  if (metadata->n_markers) {
    qsort(metadata->markers,
          metadata->n_markers,
          sizeof(MetadataMarker),
          compare_markers);
  }
}

void
metadata_free(Metadata* const metadata)
{
  for (size_t i = 0U; i < metadata->n_texts; ++i) {
    free(metadata->texts[i].key);
    free(metadata->texts[i].value);
  }
  for (size_t i = 0U; i < metadata->n_pictures; ++i) {
    free_picture(&metadata->pictures[i]);
  }
  for (size_t i = 0U; i < metadata->n_markers; ++i) {
    free(metadata->markers[i].label);
  }
  for (size_t i = 0U; i < metadata->n_chunks; ++i) {
    free(metadata->chunks[i].data);
  }
  free(metadata->texts);
  free(metadata->pictures);
  free(metadata->markers);
  free(metadata->chunks);
  memset(metadata, 0, sizeof(*metadata));
}
