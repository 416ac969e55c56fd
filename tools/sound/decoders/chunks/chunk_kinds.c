// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/decoders/chunks/chunk_kinds.h"

#include "sound/decoders/byte_stream.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { MAX_HEADER = 24 }; ///< Bytes of a chunk's name and size

static const char w64_data[] = "data\xF3\xAC\xD3\x11\x8C\xD1\x00\xC0\x4F\x8E"
                               "\xDB\x8A";

static const ChunkKind kinds[] = {
  {"RIFF", "WAVE", "data", "fmt ", false, false, false, 4, 4, 0, 2, 12},
  {"RIFX", "WAVE", "data", "fmt ", true, false, false, 4, 4, 0, 2, 12},
  {"RF64", "WAVE", "data", "fmt ", false, false, false, 4, 4, 0, 2, 12},
  {"BW64", "WAVE", "data", "fmt ", false, false, false, 4, 4, 0, 2, 12},
  {"riff", NULL, w64_data, "fmt ", false, true, false, 16, 8, 0, 8, 40},
  {"FORM", "AIFF", "SSND", "COMM", true, false, false, 4, 4, 8, 2, 12},
  {"FORM", "AIFC", "SSND", "COMM", true, false, false, 4, 4, 8, 2, 12},
  {"caff", NULL, "data", "desc", true, false, true, 4, 8, 4, 1, 8},
};

enum { N_KINDS = sizeof(kinds) / sizeof(kinds[0]) };

int64_t
chunk_load(const uint8_t* const bytes, const size_t size, const bool big_endian)
{
  uint64_t value = 0U;
  for (size_t i = 0U; i < size; ++i) {
    value = (value << 8U) | bytes[big_endian ? i : size - 1U - i];
  }
  return value < UINT64_C(1) << 62U ? (int64_t)value : -1;
}

uint8_t*
chunk_store(uint8_t* const bytes,
            const size_t   size,
            const bool     big_endian,
            const int64_t  value)
{
  for (size_t i = 0U; i < size; ++i) {
    bytes[big_endian ? size - 1U - i : i] =
      (uint8_t)((uint64_t)value >> (8U * i));
  }
  return bytes + size;
}

const ChunkKind*
chunk_kind_at(ByteStream* const stream, const int64_t at)
{
  char head[12] = {0};
  if (byte_stream_peek(stream, at, head, sizeof(head)) < sizeof(head)) {
    return NULL;
  }

  for (size_t i = 0U; i < N_KINDS; ++i) {
    const ChunkKind* const k = &kinds[i];
    if (!memcmp(head, k->magic, 4U) &&
        (!k->kind || !memcmp(head + 8, k->kind, 4U))) {
      return k;
    }
  }
  return NULL;
}

static bool
is_name(const char* const name)
{
  for (size_t i = 0U; i < 4U; ++i) {
    if (name[i] < ' ' || name[i] > '~') {
      return false;
    }
  }
  return true;
}

bool
chunk_read(ByteStream* const      stream,
           const ChunkKind* const k,
           const int64_t          at,
           Chunk* const           chunk)
{
  uint8_t      bytes[MAX_HEADER];
  const size_t size = k->name_size + k->size_size;
  if (byte_stream_peek(stream, at, bytes, size) < size) {
    return false;
  }

  memset(chunk, 0, sizeof(*chunk));
  memcpy(chunk->name, bytes, k->name_size);
  chunk->at   = at;
  chunk->body = at + (int64_t)size;
  chunk->size = chunk_load(bytes + k->name_size, k->size_size, k->big_endian);
  if (k->counts_all) {
    chunk->size =
      chunk->size >= (int64_t)size ? chunk->size - (int64_t)size : -1;
  }
  return is_name(chunk->name);
}

bool
chunk_is_data(const ChunkKind* const k, const Chunk* const chunk)
{
  return !memcmp(chunk->name, k->data, k->name_size);
}

int64_t
chunk_end(ByteStream* const      stream,
          const ChunkKind* const k,
          const int64_t          body,
          const int64_t          size)
{
  const int64_t end  = body + size;
  uint8_t       byte = 0U;
  if (k->align == 2 && (size & 1) && byte_stream_peek(stream, end, &byte, 1U) &&
      byte) {
    return end;
  }
  return body + ((size + k->align - 1) / k->align * k->align);
}

int64_t
chunk_walk(ByteStream* const stream, const ChunkKind* const k, int64_t at)
{
  const int64_t end = byte_stream_size(stream);
  Chunk         chunk;
  for (int i = 0; i < MAX_CHUNKS && !chunk_kind_at(stream, at) &&
                  chunk_read(stream, k, at, &chunk);
       ++i) {
    if (chunk.size < 0 || (end >= 0 && chunk.body + chunk.size > end) ||
        chunk_is_data(k, &chunk)) {
      break;
    }
    at = chunk_end(stream, k, chunk.body, chunk.size);
  }
  return end >= 0 && at > end ? end : at;
}
