// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "metadata/buffer.h"
#include "metadata/containers/containers.h"
#include "metadata/containers/loops.h"
#include "metadata/containers/riff_chunks.h"
#include "metadata/containers/riff_markers.h"
#include "metadata/file_bytes.h"
#include "metadata/metadata.h"
#include "metadata/tags/id3.h"
#include "metadata/tags/keys.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>

// What describes the samples or fills gaps
static const char* const technical[] = {"fmt ",
                                        "fact",
                                        "data",
                                        "ds64",
                                        "PEAK",
                                        "levl",
                                        "wavl",
                                        "slnt",
                                        "JUNK",
                                        "junk",
                                        "PAD ",
                                        "FLLR",
                                        "filr",
                                        NULL};

/// Add the texts of an INFO list
static void
read_info(Metadata* const metadata, const uint8_t* const list, const size_t n)
{
  for (size_t at = 4U; at + 8U <= n;) {
    const size_t      size  = (size_t)load_le(list + at + 4U, 4U);
    const char* const text  = (const char*)list + at + 8U;
    char              id[5] = {0};
    if (size > n - at - 8U) {
      break;
    }
    memcpy(id, list + at, 4U);
    const char* const key = key_translate(id, KEY_INFO, KEY_VORBIS);
    metadata_add_text(metadata, key ? key : id, text, strnlen(text, size));
    at += 8U + size + (size & 1U);
  }
}

/// Add the texts of a broadcast chunk, which others know as tags
static void
read_bext(Metadata* const metadata, const uint8_t* const bext, const size_t n)
{
  static const struct {
    const char* key;
    size_t      at;
    size_t      size;
  } fields[] = {
    {"DESCRIPTION", 0U, 256U},
    {"ORIGINATOR", 256U, 32U},
    {"ORIGINATOR_REFERENCE", 288U, 32U},
    {"DATE", 320U, 10U},
    {"ORIGINATION_TIME", 330U, 8U},
    {"CODING_HISTORY", 602U, SIZE_MAX},
  };

  for (size_t i = 0U; i < sizeof(fields) / sizeof(fields[0]); ++i) {
    const size_t left = n > fields[i].at ? n - fields[i].at : 0U;
    const size_t most = left < fields[i].size ? left : fields[i].size;
    const char*  text = (const char*)bext + (left ? fields[i].at : 0U);
    const size_t size = strnlen(text, most);
    if (size) {
      metadata_add_text(metadata, fields[i].key, text, size);
    }
  }
}

static void
map_chunk(Metadata* const metadata, const size_t i)
{
  if (!strcasecmp(metadata->chunks[i].id, "id3 ")) {
    id3_read_chunk(metadata, i);
    return;
  }

  MetadataChunk* const chunk  = &metadata->chunks[i];
  const uint8_t* const data   = chunk->data;
  const size_t         size   = chunk->size;
  const bool           listed = !strcmp(chunk->id, "LIST") && size >= 4U;
  if (listed && !memcmp(data, "INFO", 4U)) {
    chunk->mapped = true;
    metadata_begin_tag(metadata);
    read_info(metadata, data, size);
  } else if (listed && !memcmp(data, "adtl", 4U)) {
    chunk->mapped = riff_labels_are_markers(chunk);
  } else if (!strcmp(chunk->id, "cue ")) {
    chunk->mapped = true;
  } else if (!strcmp(chunk->id, "bext")) {
    metadata_begin_tag(metadata);
    read_bext(metadata, data, size);
  }
}

void
riff_read(Metadata* const metadata, const int fd)
{
  Riff      riff;
  RiffChunk chunk = {{0}, 0U, 0U, 0U};
  bool      first = true;
  if (!riff_open(&riff, fd)) {
    return;
  }

  while (riff_next(&riff, &chunk) && chunk.size <= riff.file_size - chunk.at) {
    first = first && strcmp(chunk.id, "data");
    if (metadata_is_listed(technical, chunk.id) ||
        !metadata_has_room(metadata, chunk.size)) {
      continue;
    }
    const bool           is_sum = !strcmp(chunk.id, "MD5 "); // Of the sound
    MetadataChunk* const copy =
      metadata_add_chunk(metadata,
                         is_sum ? METADATA_NONE : METADATA_RIFF,
                         chunk.id,
                         (size_t)chunk.size);
    if (!copy) {
      break;
    }
    copy->first = first;
    if (file_read(fd, chunk.at, copy->data, copy->size)) {
      copy->size = 0U;
    }
  }

  const size_t n = metadata->n_chunks;
  for (size_t i = 0U; i < n; ++i) {
    map_chunk(metadata, i);
  }
  riff_read_markers(metadata);
}

/// Return the name that a text has in an INFO list, or null
static const char*
info_name(const char* const key)
{
  const char* const name = key_translate(key, KEY_VORBIS, KEY_INFO);
  const bool        own  = strlen(key) == 4U && key[0] == 'I' &&
                   !key_translate(key, KEY_INFO, KEY_VORBIS);
  return name ? name : own ? key : NULL;
}

static void
build_info(const Metadata* const metadata, Buffer* const info)
{
  for (size_t i = 0U; i < metadata->n_texts; ++i) {
    const MetadataText* const text = &metadata->texts[i];
    const char* const         name = info_name(text->key);
    if (name) {
      buffer_text(info, info->size ? "" : "INFO");
      buffer_text(info, name);
      buffer_le(info, text->size + 1U, 4U);
      buffer_add(info, text->value, text->size + 1U);
      buffer_add(info, NULL, (text->size + 1U) & 1U);
    }
  }
}

/// Return whether there is more than an INFO list can hold
static bool
needs_id3(const Metadata* const metadata)
{
  for (size_t i = 0U; i < metadata->n_texts; ++i) {
    if (!metadata->texts[i].chapter && !info_name(metadata->texts[i].key)) {
      return true;
    }
  }
  for (size_t i = 0U; i < metadata->n_chunks; ++i) {
    if (metadata->chunks[i].family == METADATA_ID3) {
      return true;
    }
  }
  return metadata->n_pictures;
}

static void
encode(const char* const id, const Buffer* content, Buffer* const out)
{
  MetadataChunk chunk = {
    METADATA_RIFF, {0}, false, false, content->data, content->size};
  memcpy(chunk.id, id, 4U);
  if (content->size) {
    riff_encode(&chunk, 1.0, out);
  }
}

/// Make chunks of what came from another family
static void
build_mapped(const Metadata* const       metadata,
             const MetadataTarget* const target,
             Buffer* const               out)
{
  Buffer info = {0};
  Buffer cue  = {0};
  Buffer adtl = {0};
  Buffer id3  = {0};
  Buffer smpl = {0};
  build_info(metadata, &info);
  if (needs_id3(metadata)) {
    id3_build(metadata, false, &id3);
  }
  if (!metadata_has_chunk(metadata, METADATA_RIFF, "cue ")) {
    riff_build_markers(metadata, target->ratio, &cue, &adtl);
  }
  SamplerLoop loop;
  if (loop_of_inst(metadata, &loop)) {
    loop_build_smpl(metadata, target, &loop, &smpl);
  }
  encode("smpl", &smpl, out);
  encode("LIST", &info, out);
  encode("cue ", &cue, out);
  if (adtl.size > 4U) {
    encode("LIST", &adtl, out);
  }
  encode("id3 ", &id3, out);
  out->failed |=
    info.failed || cue.failed || adtl.failed || id3.failed || smpl.failed;
  buffer_free(&smpl);
  buffer_free(&id3);
  buffer_free(&info);
  buffer_free(&cue);
  buffer_free(&adtl);
}

/// Find where the samples' chunk begins, or the end
static uint64_t
find_data(const Riff* const riff)
{
  RiffChunk chunk = {{0}, 0U, 0U, 0U};
  while (riff_next(riff, &chunk)) {
    if (!strcmp(chunk.id, "data")) {
      return chunk.start;
    }
  }
  return riff->file_size;
}

/// Have a RIFF file that passes 4 GB be an RF64 file
static int
become_rf64(const Riff* const riff)
{
  RiffChunk chunk = {{0}, 0U, 0U, 0U};
  while (riff_next(riff, &chunk) && strcmp(chunk.id, "data")) {
  }

  uint8_t head[48] = "RF64\xFF\xFF\xFF\xFFWAVEds64\x1C";
  store_le(head + 20, file_size(riff->fd) + 36U - 8U, 8U);
  store_le(head + 28, chunk.size, 8U);
  const uint8_t unknown[4] = {0xFF, 0xFF, 0xFF, 0xFF};
  return file_write(riff->fd, chunk.start + 4U, unknown, 4U) ||
             file_replace(riff->fd, 0U, 12U, head, sizeof(head))
           ? -1
           : 0;
}

/// Write the size of everything where the kind has it
static int
write_size(const Riff* const riff)
{
  const uint64_t size = file_size(riff->fd);
  uint8_t        bytes[8];
  store_le(bytes, size - 8U, 8U);
  return riff->kind == RIFF_RF64  ? file_write(riff->fd, 20U, bytes, 8U)
         : size - 8U < UINT32_MAX ? file_write(riff->fd, 4U, bytes, 4U)
                                  : become_rf64(riff);
}

int
riff_write(const Metadata* const metadata, const MetadataTarget* const target)
{
  Riff   riff;
  Buffer first = {0};
  Buffer last  = {0};
  if (!riff_open(&riff, target->fd)) {
    return -1;
  }

  buffer_add(&last, NULL, riff.file_size & 1U);
  const size_t n_padding = last.size;
  for (size_t i = 0U; i < metadata->n_chunks; ++i) {
    const MetadataChunk* const chunk = &metadata->chunks[i];
    // libsndfile loses its way in odd chunks before the samples of the others
    const bool    first_here = chunk->first && riff.kind == RIFF_PLAIN;
    Buffer* const out        = first_here ? &first : &last;
    if (chunk->family == METADATA_RIFF) {
      riff_encode(chunk, target->ratio, out);
    }
  }
  if (metadata->family != METADATA_RIFF) {
    build_mapped(metadata, target, &last);
  }
  losses_add_chunks(target->losses, metadata, METADATA_RIFF);

  int code = first.failed || last.failed ? -1 : 0;
  if (!code && last.size > n_padding) {
    code = file_write(target->fd, riff.file_size, last.data, last.size);
  }
  if (!code && first.size) {
    code =
      file_replace(target->fd, find_data(&riff), 0U, first.data, first.size);
  }
  if (!code && (first.size || last.size > n_padding)) {
    code = write_size(&riff);
  }
  buffer_free(&first);
  buffer_free(&last);
  return code;
}
