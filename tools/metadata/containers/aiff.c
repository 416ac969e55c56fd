// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "metadata/buffer.h"
#include "metadata/containers/containers.h"
#include "metadata/containers/loops.h"
#include "metadata/file_bytes.h"
#include "metadata/losses.h"
#include "metadata/metadata.h"
#include "metadata/scale.h"
#include "metadata/tags/id3.h"
#include "metadata/tags/keys.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
  MAX_LABEL = 255,   ///< Bytes of a marker's label
  MAX_MARKS = 65533, ///< Markers in a file, besides two of a loop
  MAX_TEXT  = 8000,  ///< Bytes of a text that libsndfile reads past
};

// What describes the samples, like their speakers, or fills gaps
static const char* const technical[] =
  {"COMM", "SSND", "CHAN", "PEAK", "FVER", "FLLR", "JUNK", "wave", NULL};

static void
read_marks(Metadata* const metadata, const uint8_t* const data, const size_t n)
{
  uint64_t n_left = n >= 2U ? load_be(data, 2U) : 0U;
  for (size_t at = 2U; n_left && at + 7U <= n; --n_left) {
    const size_t size = data[at + 6U];
    if (size > n - at - 7U) {
      break;
    }
    metadata_add_marker(
      metadata, load_be(data + at + 2U, 4U), 0U, data + at + 7U, size);
    at += 7U + size + !(size & 1U);
  }
}

static void
read_comments(Metadata* const      metadata,
              const uint8_t* const data,
              const size_t         n)
{
  uint64_t n_left = n >= 2U ? load_be(data, 2U) : 0U;
  for (size_t at = 2U; n_left && at + 8U <= n; --n_left) {
    const size_t size = (size_t)load_be(data + at + 6U, 2U);
    if (size > n - at - 8U) {
      break;
    }
    metadata_add_text(metadata, "COMMENT", data + at + 8U, size);
    at += 8U + size + (size & 1U);
  }
}

static void
map_chunk(Metadata* const metadata, const size_t i)
{
  if (!strcmp(metadata->chunks[i].id, "ID3 ")) {
    id3_read_chunk(metadata, i);
    return;
  }

  MetadataChunk* const chunk = &metadata->chunks[i];
  const uint8_t* const data  = chunk->data;
  const size_t         size  = chunk->size;
  const char* const    key   = key_translate(chunk->id, KEY_AIFF, KEY_VORBIS);
  chunk->mapped              = true;
  if (key) {
    metadata_add_text(metadata, key, data, strnlen((const char*)data, size));
  } else if (!strcmp(chunk->id, "MARK")) {
    read_marks(metadata, data, size);
  } else if (!strcmp(chunk->id, "COMT")) {
    read_comments(metadata, data, size);
  } else {
    chunk->mapped = false;
  }
}

void
aiff_read(Metadata* const metadata, const int fd)
{
  const uint64_t end = file_size(fd);
  uint8_t        head[12];
  if (file_read(fd, 0U, head, sizeof(head)) || memcmp(head + 8, "AIF", 3U)) {
    return;
  }

  for (uint64_t at = 12U; at + 8U <= end;) {
    char id[5] = {0};
    if (file_read(fd, at, head, 8U)) {
      break;
    }
    memcpy(id, head, 4U);
    const uint64_t size = load_be(head + 4, 4U);
    if (size > end - at - 8U) {
      break;
    }
    if (!metadata_is_listed(technical, id) &&
        metadata_has_room(metadata, size)) {
      MetadataChunk* const chunk =
        metadata_add_chunk(metadata, METADATA_AIFF, id, (size_t)size);
      if (!chunk) {
        break;
      }
      if (file_read(fd, at + 8U, chunk->data, chunk->size)) {
        chunk->size = 0U;
      }
    }
    at += 8U + size + (size & 1U);
  }

  const size_t n = metadata->n_chunks;
  for (size_t i = 0U; i < n; ++i) {
    map_chunk(metadata, i);
  }
}

static void
encode(Buffer* const     out,
       const char* const id,
       const void* const data,
       const size_t      size)
{
  buffer_add(out, id, 4U);
  buffer_be(out, size, 4U);
  buffer_add(out, data, size);
  buffer_add(out, NULL, size & 1U);
}

static void
scale_marks(uint8_t* const data, const size_t n, const double ratio)
{
  for (size_t at = 2U; at + 7U <= n;) {
    const size_t   size   = data[at + 6U];
    const uint32_t frames = (uint32_t)load_be(data + at + 2U, 4U);
    store_be(data + at + 2U, scaled_frames(frames, ratio), 4U);
    at += 7U + size + !(size & 1U);
  }
}

static void
add_mark(Buffer* const     marks,
         const uint64_t    id,
         const uint32_t    position,
         const char* const label,
         const size_t      length)
{
  buffer_be(marks, id, 2U);
  buffer_be(marks, position, 4U);
  buffer_be(marks, length, 1U);
  buffer_add(marks, label, length);
  buffer_add(marks, NULL, !(length & 1U));
}

/// Make the instrument that a sampler's chunk of WAV tells, return how many
/// markers that takes
static size_t
build_instrument(const Metadata* const       metadata,
                 const MetadataTarget* const target,
                 const uint64_t              first_id,
                 Buffer* const               marks,
                 Buffer* const               out)
{
  SamplerLoop loop;
  Buffer      inst = {0};
  if (!loop_of_smpl(metadata, &loop)) {
    return 0U;
  }

  loop_build_inst(&loop, first_id, first_id + 1U, &inst);
  encode(out, "INST", inst.data, inst.size);
  out->failed |= inst.failed;
  buffer_free(&inst);
  if (loop.has_loop) {
    const double ratio = target->ratio;
    add_mark(marks, first_id, scaled_frames(loop.begin, ratio), "beg loop", 8U);
    add_mark(
      marks, first_id + 1U, scaled_frames(loop.end, ratio), "end loop", 8U);
  }
  return loop.has_loop ? 2U : 0U;
}

static void
build_marks(const Metadata* const       metadata,
            const MetadataTarget* const target,
            Buffer* const               out)
{
  const size_t n_all       = metadata->n_markers;
  const size_t n           = n_all < MAX_MARKS ? n_all : MAX_MARKS;
  Buffer       marks       = {0};
  size_t       n_cut       = 0U;
  bool         has_regions = false;
  buffer_be(&marks, n, 2U);
  for (size_t i = 0U; i < n; ++i) {
    const MetadataMarker* const marker = &metadata->markers[i];
    const size_t                size   = strlen(marker->label);
    const size_t                length = size < MAX_LABEL ? size : MAX_LABEL;
    add_mark(&marks,
             i + 1U,
             scaled_frames(marker->position, target->ratio),
             marker->label,
             length);
    n_cut += size > length;
    has_regions |= marker->length != 0U;
  }
  const size_t n_loop = build_instrument(metadata, target, n + 1U, &marks, out);
  if ((n || n_loop) && !marks.failed) {
    store_be(marks.data, n + n_loop, 2U);
    encode(out, "MARK", marks.data, marks.size);
  }
  Losses* const losses = target->losses;
  losses_count(&losses->lost, n_all - n, "cue point", "cue points");
  losses_count(&losses->lost, n_cut, "end of a label", "ends of labels");
  if (has_regions) {
    losses_add(&losses->lost, "lengths of regions");
  }
  out->failed |= marks.failed;
  buffer_free(&marks);
}

/// Return the chunk for a text, null if it goes into a tag
static const char*
chunk_of(const MetadataText* const text)
{
  return text->size < MAX_TEXT ? key_translate(text->key, KEY_VORBIS, KEY_AIFF)
                               : NULL;
}

/// Make chunks of the texts, and a tag of all that those do not hold
static void
build_texts(const Metadata* const metadata, Buffer* const out)
{
  bool   all = !metadata->n_pictures;
  Buffer id3 = {0};
  for (size_t i = 0U; i < metadata->n_texts; ++i) {
    const MetadataText* const text = &metadata->texts[i];
    const char* const         name = chunk_of(text);
    all                            = all && (name || text->chapter);
    if (name) {
      encode(out, name, text->value, text->size);
    }
  }
  for (size_t i = 0U; i < metadata->n_chunks; ++i) {
    all = all && metadata->chunks[i].family != METADATA_ID3;
  }
  if (!all) {
    id3_build(metadata, false, &id3);
  }
  if (id3.size) {
    encode(out, "ID3 ", id3.data, id3.size);
  }
  out->failed |= id3.failed;
  buffer_free(&id3);
}

int
aiff_write(const Metadata* const metadata, const MetadataTarget* const target)
{
  const uint64_t end = file_size(target->fd);
  Buffer         out = {0};
  buffer_add(&out, NULL, end & 1U);
  for (size_t i = 0U; i < metadata->n_chunks; ++i) {
    const MetadataChunk* const chunk = &metadata->chunks[i];
    if (chunk->family == METADATA_AIFF) {
      const size_t start = out.size + 8U;
      encode(&out, chunk->id, chunk->data, chunk->size);
      if (!strcmp(chunk->id, "MARK") && target->ratio != 1.0 && !out.failed) {
        scale_marks(out.data + start, chunk->size, target->ratio);
      }
    }
  }
  if (metadata->family != METADATA_AIFF) {
    build_texts(metadata, &out);
    build_marks(metadata, target, &out);
  }
  losses_add_chunks(target->losses, metadata, METADATA_AIFF);

  uint8_t size[4];
  int     code = out.failed ? -1 : 0;
  if (!code && end + out.size - 8U > UINT32_MAX) {
    losses_add(&target->losses->lost, "metadata past 4 GB");
  } else if (!code && out.size > (end & 1U)) {
    store_be(size, end + out.size - 8U, 4U);
    code = file_write(target->fd, end, out.data, out.size) ||
               file_write(target->fd, 4U, size, sizeof(size))
             ? -1
             : 0;
  }
  buffer_free(&out);
  return code;
}
