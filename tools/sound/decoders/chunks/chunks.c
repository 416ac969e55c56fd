// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/decoders/chunks/chunks.h"

#include "sound/decoders/byte_stream.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum {
  MAX_HEADER = 24,      ///< Bytes of a chunk's name and size
  MAX_CHUNKS = 1 << 16, ///< Where a file has more, it is no sound file
};

/// How a kind of file lays out its chunks
typedef struct {
  const char* magic;        ///< The first four bytes
  const char* kind;         ///< Bytes 8 to 12, or null
  const char* data;         ///< Name of the chunk of samples
  bool        big_endian;   ///< Of sizes
  bool        counts_all;   ///< Whether a size counts the chunk's header
  bool        may_be_empty; ///< Whether -1 is a legal size of the last chunk
  size_t      name_size;
  size_t      size_size;
  size_t      data_header; ///< Bytes in the chunk before the samples
  int64_t     align;
  int64_t     first; ///< Where the first chunk is
} Layout;

static const char w64_data[] = "data\xF3\xAC\xD3\x11\x8C\xD1\x00\xC0\x4F\x8E"
                               "\xDB\x8A";

static const Layout layouts[] = {
  {"RIFF", "WAVE", "data", false, false, false, 4, 4, 0, 2, 12},
  {"RIFX", "WAVE", "data", true, false, false, 4, 4, 0, 2, 12},
  {"RF64", "WAVE", "data", false, false, false, 4, 4, 0, 2, 12},
  {"riff", NULL, w64_data, false, true, false, 16, 8, 0, 8, 40},
  {"FORM", "AIFF", "SSND", true, false, false, 4, 4, 8, 2, 12},
  {"FORM", "AIFC", "SSND", true, false, false, 4, 4, 8, 2, 12},
  {"caff", NULL, "data", true, false, true, 4, 8, 4, 1, 8},
};

enum { N_LAYOUTS = sizeof(layouts) / sizeof(layouts[0]) };

/// A chunk as its header tells
typedef struct {
  char    name[17];
  int64_t at;   ///< Of its header
  int64_t body; ///< Of its contents
  int64_t size; ///< Of its contents, as told; -1 for all that makes no sense
} Chunk;

static int64_t
load(const uint8_t* const bytes, const size_t size, const bool big_endian)
{
  uint64_t value = 0U;
  for (size_t i = 0U; i < size; ++i) {
    value = (value << 8U) | bytes[big_endian ? i : size - 1U - i];
  }
  return value < UINT64_C(1) << 62U ? (int64_t)value : -1;
}

static void
store(uint8_t* const bytes,
      const size_t   size,
      const bool     big_endian,
      const int64_t  value)
{
  for (size_t i = 0U; i < size; ++i) {
    bytes[big_endian ? size - 1U - i : i] =
      (uint8_t)((uint64_t)value >> (8U * i));
  }
}

/// Return the layout of the file that begins at a place, or null
static const Layout*
layout_at(ByteStream* const stream, const int64_t at)
{
  char head[12] = {0};
  if (byte_stream_peek(stream, at, head, sizeof(head)) < sizeof(head)) {
    return NULL;
  }

  for (size_t i = 0U; i < N_LAYOUTS; ++i) {
    const Layout* const l = &layouts[i];
    if (!memcmp(head, l->magic, 4U) &&
        (!l->kind || !memcmp(head + 8, l->kind, 4U))) {
      return l;
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

/// Read the header of a chunk, return false if there is none
static bool
read_chunk(ByteStream* const   stream,
           const Layout* const l,
           const int64_t       at,
           Chunk* const        chunk)
{
  uint8_t      bytes[MAX_HEADER];
  const size_t size = l->name_size + l->size_size;
  if (byte_stream_peek(stream, at, bytes, size) < size) {
    return false;
  }

  memset(chunk, 0, sizeof(*chunk));
  memcpy(chunk->name, bytes, l->name_size);
  chunk->at   = at;
  chunk->body = at + (int64_t)size;
  chunk->size = load(bytes + l->name_size, l->size_size, l->big_endian);
  if (l->counts_all) {
    chunk->size =
      chunk->size >= (int64_t)size ? chunk->size - (int64_t)size : -1;
  }
  return is_name(chunk->name);
}

static int64_t
behind(const Layout* const l, const int64_t body, const int64_t size)
{
  return body + ((size + l->align - 1) / l->align * l->align);
}

/// Walk over whole chunks, return where there is none any more
static int64_t
walk(ByteStream* const stream, const Layout* const l, int64_t at)
{
  const int64_t end = byte_stream_size(stream);
  Chunk         chunk;
  for (int i = 0; i < MAX_CHUNKS && !layout_at(stream, at) &&
                  read_chunk(stream, l, at, &chunk);
       ++i) {
    if (chunk.size < 0 || (end >= 0 && chunk.body + chunk.size > end)) {
      break;
    }
    at = behind(l, chunk.body, chunk.size);
  }
  return end >= 0 && at > end ? end : at;
}

/// Read the tag of a WAV file's codec, which WAVE_FORMAT_EXTENSIBLE has twice
static uint16_t
read_codec(ByteStream* const   stream,
           const Layout* const l,
           const Chunk* const  chunk)
{
  uint8_t      bytes[26] = {0};
  const size_t n = byte_stream_peek(stream, chunk->body, bytes, sizeof(bytes));
  const uint16_t tag = (uint16_t)load(bytes, 2U, l->big_endian);
  return tag == 0xFFFEU && n == sizeof(bytes)
           ? (uint16_t)load(bytes + 24, 2U, l->big_endian)
           : tag;
}

/// Find the chunk of samples, and what comes before it
static bool
find_data(ByteStream* const   stream,
          const Layout* const l,
          Chunk* const        data,
          Chunks* const       c)
{
  int64_t at = l->first;
  for (int i = 0; i < MAX_CHUNKS; ++i) {
    if (!read_chunk(stream, l, at, data)) {
      return false;
    }
    if (!memcmp(data->name, l->data, l->name_size)) {
      return true;
    }
    if (data->size < 0) {
      return false;
    }
    if (!memcmp(data->name, "fmt ", 4U)) {
      c->codec    = read_codec(stream, l, data);
      c->codec_at = data->body;
    } else if (!memcmp(data->name, "ds64", 4U) && data->size >= 28) {
      c->ds64 = data->body;
    }
    at = behind(l, data->body, data->size);
  }
  return false;
}

/// Return whether a size is what programs write that do not know it
static bool
is_untold(const Layout* const l, const int64_t size)
{
  if (size <= 0 || l->size_size == 8U) {
    return size <= 0 || size >= INT64_C(1) << 61U;
  }
  return size >= INT64_C(0xFFFFF000) ||
         (size >= INT64_C(0x7FFFF000) && size <= INT64_C(0x80000000));
}

/// Return whether a file has no samples indeed: nothing but chunks follow
static bool
is_empty(ByteStream* const stream, const Layout* const l, const Chunks* const c)
{
  const int64_t end = byte_stream_size(stream);
  return end >= 0 && (c->data_at >= end || walk(stream, l, c->data_at) == end);
}

/// Set what the file has where its header tells no size
static void
take_all(ByteStream* const stream, const Layout* const l, Chunks* const c)
{
  const int64_t end = byte_stream_size(stream);
  const bool    cut = c->told < 0 ? !l->may_be_empty : true;

  c->size  = end < 0 ? -1 : end - c->data_at;
  c->end   = end;
  c->fault = end >= 0 && cut ? CHUNKS_UNTOLD : CHUNKS_AGREE;
  c->told  = -1;
}

/// Set what follows samples whose size is told and there
static void
look_behind(ByteStream* const stream, const Layout* const l, Chunks* const c)
{
  const int64_t end = byte_stream_size(stream);

  c->size     = c->told;
  c->end      = walk(stream, l, behind(l, c->data_at, c->size));
  c->next     = layout_at(stream, c->end) ? c->end : -1;
  c->n_behind = c->next < 0 ? end - c->end : 0;
}

/// Compare the size that is told with the bytes that there are
static void
compare(ByteStream* const stream, const Layout* const l, Chunks* const c)
{
  const int64_t end  = byte_stream_size(stream);
  const int64_t wrap = INT64_C(1) << 32U;

  if (is_untold(l, c->told)) {
    if (!c->told && is_empty(stream, l, c)) {
      c->size = 0;
      c->end  = end;
    } else {
      take_all(stream, l, c);
    }
  } else if (end < 0) {
    c->size = c->told;
    c->end  = c->data_at + c->told;
  } else if (c->told > end - c->data_at) {
    c->size  = end - c->data_at;
    c->end   = end;
    c->fault = CHUNKS_CUT;
  } else {
    look_behind(stream, l, c);
    if (c->n_behind >= wrap - (1 << 16) && l->size_size == 4U) {
      take_all(stream, l, c); // 32 bits have overflowed
    }
  }
}

/// Find the samples of an AU file
static bool
find_au(ByteStream* const stream, Chunks* const c)
{
  static const Layout au = {".snd", NULL, "", true, false, true, 4, 4, 0, 1, 0};

  uint8_t head[24];
  if (byte_stream_peek(stream, 0, head, sizeof(head)) < sizeof(head) ||
      memcmp(head, ".snd", 4U)) {
    return false;
  }

  c->data_at = load(head + 4, 4U, true);
  c->told    = load(head + 8, 4U, true);
  c->size_at = 8;
  if (c->told == INT64_C(0xFFFFFFFF)) {
    c->told = -1;
  }
  compare(stream, &au, c);
  return true;
}

/// Return the size that the header tells, -1 for none
static int64_t
told_size(ByteStream* const   stream,
          const Layout* const l,
          const Chunk* const  data,
          const int64_t       ds64)
{
  const int64_t head = (int64_t)l->data_header;
  uint8_t       size[8];
  if (ds64 && data->size == INT64_C(0xFFFFFFFF) &&
      byte_stream_peek(stream, ds64 + 8, size, sizeof(size)) == sizeof(size)) {
    return load(size, sizeof(size), false);
  }
  return data->size >= head && !is_untold(l, data->size) ? data->size - head
                                                         : data->size;
}

bool
chunks_find(ByteStream* const stream, Chunks* const chunks)
{
  const Layout* const l = layout_at(stream, 0);
  Chunk               data;

  memset(chunks, 0, sizeof(*chunks));
  chunks->next = -1;
  if (!l) {
    return find_au(stream, chunks);
  }
  if (!find_data(stream, l, &data, chunks)) {
    return false;
  }

  chunks->layout  = l;
  chunks->size_at = data.at + (int64_t)l->name_size;
  chunks->data_at = data.body + (int64_t)l->data_header;
  chunks->told    = told_size(stream, l, &data, chunks->ds64);
  compare(stream, l, chunks);
  return true;
}

int64_t
chunks_next(ByteStream* const stream, const Chunks* const chunks)
{
  const Layout* const l = (const Layout*)chunks->layout;
  if (!l || chunks->size < 0 || byte_stream_size(stream) >= 0) {
    return chunks->next;
  }

  const int64_t end = behind(l, chunks->data_at, chunks->size);
  const int64_t at  = walk(stream, l, end);
  return layout_at(stream, at) ? at : -1;
}

/// Have another number read
static void
patch_number(ByteStream* const stream,
             const int64_t     at,
             const size_t      size,
             const bool        big_endian,
             const int64_t     value)
{
  uint8_t bytes[8];
  store(bytes, size, big_endian, value);
  byte_stream_patch(stream, stream->first + at, bytes, size);
}

/// Have a WAV file read as one that was never closed, which libsndfile reads to
/// the end of the file
static void
patch_wav(ByteStream* const   stream,
          const Layout* const l,
          const Chunks* const c)
{
  byte_stream_patch(stream, stream->first, l->big_endian ? "RIFX" : "RIFF", 4U);
  patch_number(stream, 4, 4U, l->big_endian, 8);
  patch_number(stream, c->size_at, 4U, l->big_endian, 0);
}

static void
patch_size(ByteStream* const stream, const Chunks* const c, const int64_t size)
{
  const Layout* const l = (const Layout*)c->layout;
  if (!l) {
    patch_number(stream, c->size_at, 4U, true, INT64_C(0xFFFFFFFF));
  } else if (c->ds64) {
    patch_number(stream, c->ds64 + 8, 8U, false, size);
    patch_number(stream, c->size_at, 4U, false, INT64_C(0xFFFFFFFF));
  } else if (!strcmp(l->data, "data") && l->size_size == 4U) {
    patch_wav(stream, l, c);
  } else {
    const int64_t head = l->counts_all ? 24 : (int64_t)l->data_header;
    const int64_t most = l->size_size == 4U ? INT64_C(0xFFFFFFFF) : INT64_MAX;
    const int64_t all  = size + head;
    patch_number(
      stream, c->size_at, l->size_size, l->big_endian, all < most ? all : most);
  }
}

int64_t
chunks_mend(ByteStream* const stream, const Chunks* const chunks)
{
  // What no file ever has, in whole frames of any kind
  const int64_t endless = INT64_C(1) << 52U;

  const int64_t size = chunks->size < 0 ? endless : chunks->size;
  const bool    odd  = chunks->size > 0 && (chunks->size & 1);
  if (chunks->told >= 0 && chunks->told == chunks->size && !odd) {
    return chunks->end;
  }

  patch_size(stream, chunks, size);
  return chunks->data_at + size;
}
