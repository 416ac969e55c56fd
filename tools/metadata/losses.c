// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "metadata/losses.h"

#include "cli/say.h"
#include "metadata/buffer.h"
#include "metadata/metadata.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum {
  NAME_SIZE = 128, ///< Of one thing
  LIST_SIZE = 400, ///< Of a list that is told
};

/// Return whether a list has a thing already
static int
has(const Buffer* const list, const char* const name)
{
  const size_t n = strlen(name);
  for (size_t at = 0U; at < list->size;) {
    const char* const item = (const char*)list->data + at;
    const char* const end  = (const char*)memchr(item, ',', list->size - at);
    const size_t      size = end ? (size_t)(end - item) : list->size - at;
    if (size == n && !memcmp(item, name, n)) {
      return 1;
    }
    at += size + 2U;
  }
  return 0;
}

void
losses_add(Buffer* const list, const char* const format, ...)
{
  char    name[NAME_SIZE];
  va_list args;
  va_start(args, format);
  vsnprintf(name, sizeof(name), format, args);
  va_end(args);

  for (char* p = name; *p; ++p) { // A file may have any letters in its names
    *p = (char)(isprint((unsigned char)*p) && *p != ',' ? *p : '?');
  }
  if (!has(list, name)) {
    buffer_text(list, list->size ? ", " : "");
    buffer_text(list, name);
  }
}

void
losses_count(Buffer* const     list,
             const size_t      n,
             const char* const one,
             const char* const many)
{
  if (n) {
    losses_add(list, "%zu %s", n, n == 1U ? one : many);
  }
}

static void
add_chunk(Buffer* const list, const MetadataChunk* const chunk)
{
  const size_t n_loops = !strcmp(chunk->id, "smpl") && chunk->size >= 36U
                           ? (size_t)load_le(chunk->data + 28, 4U)
                           : 0U;
  int          n       = 4;
  while (n && (chunk->id[n - 1] == ' ' || !chunk->id[n - 1])) {
    --n;
  }
  if (n_loops) {
    losses_count(list, n_loops, "loop", "loops");
  } else if (!strcmp(chunk->id, "LIST") && chunk->size >= 4U) {
    losses_add(list, "LIST %.4s", (const char*)chunk->data);
  } else {
    losses_add(list, "%.*s", n, chunk->id);
  }
}

/// Add a chunk that has no place; the texts of some are tags as well
static void
add_lost(Buffer* const              list,
         const MetadataChunk* const chunk,
         const MetadataFamily       family)
{
  if (!strcmp(chunk->id, "bext")) {
    losses_add(list, "parts of bext");
  } else if (family == METADATA_AIFF && !strcmp(chunk->id, "smpl") &&
             chunk->size >= 36U) {
    const size_t n = (size_t)load_le(chunk->data + 28, 4U);
    losses_count(list, n ? n - 1U : 0U, "loop", "loops"); // INST holds one
  } else if (family == METADATA_RIFF && !strcmp(chunk->id, "INST") &&
             chunk->size >= 20U) {
    if (load_be(chunk->data + 14, 2U)) {
      losses_add(list, "release loop"); // The other one is in smpl
    }
  } else {
    add_chunk(list, chunk);
  }
}

void
losses_add_family(Buffer* const         list,
                  const Metadata* const metadata,
                  const MetadataFamily  family)
{
  for (size_t i = 0U; i < metadata->n_chunks; ++i) {
    if (metadata->chunks[i].family == family && !metadata->chunks[i].mapped) {
      add_chunk(list, &metadata->chunks[i]);
    }
  }
}

void
losses_add_chunks(Losses* const         losses,
                  const Metadata* const metadata,
                  const MetadataFamily  family)
{
  for (size_t i = 0U; i < metadata->n_chunks; ++i) {
    const MetadataChunk* const chunk = &metadata->chunks[i];
    const bool as_frame = chunk->family == METADATA_ID3 && chunk->size &&
                          (family == METADATA_RIFF || family == METADATA_AIFF ||
                           family == METADATA_MPEG);
    const bool in_tag = chunk->family == METADATA_ID3 &&
                        family == metadata->family; // Which stays as it is
    const bool foreign =
      chunk->family == METADATA_RIFF && family == METADATA_FLAC;
    if (chunk->family != family && !chunk->mapped && !as_frame && !in_tag &&
        !foreign) {
      add_lost(&losses->lost, chunk, family);
    }
  }
  if (metadata->overflowed) {
    losses_add(
      &losses->lost, "what passes %d MB of metadata", METADATA_LIMIT >> 20);
  }
}

void
losses_tell(Losses* const losses, const char* const path)
{
  const size_t n_lost    = losses->lost.size;
  const size_t n_changed = losses->changed.size;
  const int    most      = LIST_SIZE;
  if (n_lost) {
    say_error(EXIT_OK,
              "warning: not kept in \"%s\": %.*s%s%s%.*s",
              path,
              n_lost < LIST_SIZE ? (int)n_lost : most,
              (const char*)losses->lost.data,
              n_lost < LIST_SIZE ? "" : "...",
              n_changed ? "; " : "",
              n_changed < LIST_SIZE ? (int)n_changed : most,
              n_changed ? (const char*)losses->changed.data : "");
  } else if (n_changed) {
    say_error(EXIT_OK,
              "note: in \"%s\" %.*s",
              path,
              n_changed < LIST_SIZE ? (int)n_changed : most,
              (const char*)losses->changed.data);
  }
  buffer_free(&losses->lost);
  buffer_free(&losses->changed);
}
