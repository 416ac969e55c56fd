// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "metadata/containers/riff_markers.h"

#include "metadata/buffer.h"
#include "metadata/metadata.h"
#include "metadata/scale.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
  CUE_SIZE    = 24, ///< Bytes of a cue point
  LOOP_SIZE   = 24, ///< Bytes of a loop of a "smpl" chunk
  LOOPS_START = 36, ///< Where they begin
};

/// What the list of labels says about one cue point
typedef struct {
  uint64_t       id;
  const uint8_t* label;
  size_t         n_label;
  uint64_t       length;
} Label;

/// All of them, by number
typedef struct {
  Label* items;
  size_t n;
} Labels;

static int
compare_labels(const void* const a, const void* const b)
{
  const Label* const x = (const Label*)a;
  const Label* const y = (const Label*)b;
  if (x->id != y->id) {
    return x->id < y->id ? -1 : 1;
  }
  return (x->label < y->label) - (x->label > y->label);
}

static size_t
text_size(const uint8_t* const text, const size_t n)
{
  const void* const end = memchr(text, 0, n);
  return end ? (size_t)((const uint8_t*)end - text) : n;
}

/// Call `use` for each part of a list, or count them if it is null
static size_t
for_each_part(const MetadataChunk* const list,
              void (*use)(Labels*, const uint8_t*, size_t),
              Labels* const labels)
{
  size_t n = 0U;
  for (size_t at = 4U; at + 12U <= list->size;) {
    const size_t size = (size_t)load_le(list->data + at + 4U, 4U);
    if (size > list->size - at - 8U) {
      break;
    }
    if (use && size >= 4U) {
      use(labels, list->data + at, size);
    }
    at += 8U + size + (size & 1U);
    ++n;
  }
  return n;
}

static void
count_marker(Labels* const labels, const uint8_t* const part, const size_t size)
{
  const bool is_label  = !memcmp(part, "labl", 4U);
  const bool is_length = !memcmp(part, "ltxt", 4U) && size <= 20U;
  labels->n += is_label || is_length ? 1U : 0U;
}

bool
riff_labels_are_markers(const MetadataChunk* const list)
{
  Labels labels = {NULL, 0U};
  return for_each_part(list, count_marker, &labels) == labels.n;
}

static void
add_label(Labels* const labels, const uint8_t* const part, const size_t size)
{
  Label label = {load_le(part + 8, 4U), NULL, 0U, 0U};
  if (!memcmp(part, "labl", 4U)) {
    label.label   = part + 12;
    label.n_label = text_size(part + 12, size - 4U);
  } else if (!memcmp(part, "ltxt", 4U) && size >= 8U) {
    label.length = load_le(part + 12, 4U);
  } else {
    return;
  }
  labels->items[labels->n++] = label;
}

static const MetadataChunk*
find(const Metadata* const metadata,
     const char* const     id,
     const char* const     type)
{
  for (size_t i = 0U; i < metadata->n_chunks; ++i) {
    const MetadataChunk* const chunk = &metadata->chunks[i];
    if (chunk->family == METADATA_RIFF && !strcmp(chunk->id, id) &&
        (!type || (chunk->size >= 4U && !memcmp(chunk->data, type, 4U)))) {
      return chunk;
    }
  }
  return NULL;
}

static Labels
read_labels(const Metadata* const metadata)
{
  Labels                     labels = {NULL, 0U};
  const MetadataChunk* const list   = find(metadata, "LIST", "adtl");
  const size_t               n = list ? for_each_part(list, NULL, &labels) : 0U;
  labels.items                 = (Label*)calloc(n + 1U, sizeof(Label));
  if (labels.items && n) {
    for_each_part(list, add_label, &labels);
    qsort(labels.items, labels.n, sizeof(Label), compare_labels);
  }
  return labels;
}

/// Return the first entry of a cue point
static size_t
find_label(const Labels* const labels, const uint64_t id)
{
  size_t low  = 0U;
  size_t high = labels->n;
  while (low < high) {
    const size_t middle = low + ((high - low) / 2U);
    if (labels->items[middle].id < id) {
      low = middle + 1U;
    } else {
      high = middle;
    }
  }
  return low;
}

static void
add_cue(Metadata* const      metadata,
        const Labels* const  labels,
        const uint8_t* const cue)
{
  const uint64_t id    = load_le(cue, 4U);
  Label          found = {id, (const uint8_t*)"", 0U, 0U};
  size_t         i     = labels->items ? find_label(labels, id) : labels->n;
  for (; i < labels->n && labels->items[i].id == id; ++i) {
    const Label* const label = &labels->items[i];
    found.length             = label->length ? label->length : found.length;
    if (label->n_label && !found.n_label) {
      found.label   = label->label;
      found.n_label = label->n_label;
    }
  }

  const int in_data = !memcmp(cue + 8, "data", 4U);
  metadata_add_marker(metadata,
                      load_le(cue + (in_data ? 20 : 4), 4U),
                      found.length,
                      found.label,
                      found.n_label);
}

void
riff_read_markers(Metadata* const metadata)
{
  const MetadataChunk* const cues = find(metadata, "cue ", NULL);
  if (!cues || cues->size < 4U) {
    return;
  }

  const uint64_t n_said = load_le(cues->data, 4U);
  const size_t   n_most = (cues->size - 4U) / CUE_SIZE;
  const size_t   n      = n_said < n_most ? (size_t)n_said : n_most;
  Labels         labels = read_labels(metadata);
  for (size_t i = 0U; i < n; ++i) {
    add_cue(metadata, &labels, cues->data + 4U + (i * CUE_SIZE));
  }
  free(labels.items);
}

void
riff_build_markers(const Metadata* const metadata,
                   const double          ratio,
                   Buffer* const         cue,
                   Buffer* const         adtl)
{
  if (!metadata->n_markers) {
    return;
  }

  buffer_le(cue, metadata->n_markers, 4U);
  buffer_text(adtl, "adtl");
  for (size_t i = 0U; i < metadata->n_markers; ++i) {
    const MetadataMarker* const marker = &metadata->markers[i];
    const uint64_t position            = scaled_frames(marker->position, ratio);
    buffer_le(cue, i + 1U, 4U);
    buffer_le(cue, position, 4U);
    buffer_text(cue, "data");
    buffer_add(cue, NULL, 8U);
    buffer_le(cue, position, 4U);

    const size_t n = strlen(marker->label) + 1U;
    if (n > 1U) {
      buffer_text(adtl, "labl");
      buffer_le(adtl, n + 4U, 4U);
      buffer_le(adtl, i + 1U, 4U);
      buffer_add(adtl, marker->label, n);
      buffer_add(adtl, NULL, n & 1U);
    }
    if (marker->length) {
      buffer_text(adtl, "ltxt");
      buffer_le(adtl, 20U, 4U);
      buffer_le(adtl, i + 1U, 4U);
      buffer_le(adtl, scaled_frames(marker->length, ratio), 4U);
      buffer_text(adtl, "rgn ");
      buffer_add(adtl, NULL, 8U);
    }
  }
}

static void
scale(uint8_t* const place, const double ratio)
{
  store_le(place, scaled_frames(load_le(place, 4U), ratio), 4U);
}

static void
scale_regions(uint8_t* const data, const size_t size, const double ratio)
{
  for (size_t at = 4U; at + 16U <= size;) {
    const size_t n = (size_t)load_le(data + at + 4U, 4U);
    if (n > size - at - 8U) {
      break;
    }
    if (n >= 8U && !memcmp(data + at, "ltxt", 4U)) {
      scale(data + at + 12U, ratio);
    }
    at += 8U + n + (n & 1U);
  }
}

void
riff_scale(const char* const id,
           uint8_t* const    data,
           const size_t      size,
           const double      ratio)
{
  if (ratio == 1.0) {
    return;
  }

  if (!strcmp(id, "cue ")) {
    for (size_t at = 4U; at + CUE_SIZE <= size; at += CUE_SIZE) {
      scale(data + at + 4U, ratio);
      scale(data + at + 20U, ratio);
    }
  } else if (!strcmp(id, "smpl") && size >= LOOPS_START) {
    store_le(data + 8, (uint64_t)((double)load_le(data + 8, 4U) / ratio), 4U);
    uint64_t n_loops = load_le(data + 28, 4U);
    for (size_t at = LOOPS_START; n_loops-- && at + LOOP_SIZE <= size;
         at += LOOP_SIZE) {
      uint8_t* const last = data + at + 12U;
      scale(data + at + 8U, ratio);
      store_le(last, scaled_last_frame(load_le(last, 4U), ratio), 4U);
    }
  } else if (!strcmp(id, "LIST") && size >= 4U && !memcmp(data, "adtl", 4U)) {
    scale_regions(data, size, ratio);
  } else if (!strcmp(id, "bext") && size >= 346U) {
    // Samples since midnight
    const double start = (double)load_le(data + 338, 8U) * ratio;
    if (start < 9.0e18) {
      store_le(data + 338, (uint64_t)(start + 0.5), 8U);
    }
  }
}
