// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/decoders/chunks/chunks.h"

#include "sound/decoders/byte_stream.h"
#include "sound/decoders/chunks/chunk_head.h"
#include "sound/decoders/chunks/chunk_kinds.h"

#include <sndfile.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// What no file ever has, in whole frames of any kind
#define ENDLESS (INT64_C(1) << 52U)

/// GSM in WAV, of which libsndfile plays a filling byte as a block
enum { WAVE_GSM = 0x31, GSM_BLOCK = 65 };

/// What a walk over a file finds
typedef struct {
  FormatChunks format;
  Chunk        speakers; ///< Size 0 for none
  Chunk        data;
  int64_t      ds64; ///< RF64's sizes of 64 bits, or 0
  bool         has_data;
} Found;

/// Read the tag of a WAV file's codec, which WAVE_FORMAT_EXTENSIBLE has twice
static uint16_t
read_codec(ByteStream* const      stream,
           const ChunkKind* const k,
           const Chunk* const     chunk)
{
  uint8_t      bytes[26] = {0};
  const size_t n = byte_stream_peek(stream, chunk->body, bytes, sizeof(bytes));
  const uint16_t tag = (uint16_t)chunk_load(bytes, 2U, k->big_endian);
  return tag == 0xFFFEU && n == sizeof(bytes)
           ? (uint16_t)chunk_load(bytes + 24, 2U, k->big_endian)
           : tag;
}

/// Keep the layout of the speakers
static void
take_speakers(ByteStream* const  stream,
              const Chunk* const chunk,
              Chunks* const      c)
{
  // Names of channels may make it longer than what tells the speakers
  const size_t most = sizeof(c->speakers);
  const size_t size = chunk->size < (int64_t)most ? (size_t)chunk->size : most;
  c->n_speakers     = byte_stream_peek(stream, chunk->body, c->speakers, size);
}

static void
note_chunk(Found* const           found,
           const ChunkKind* const k,
           const Chunk* const     chunk)
{
  const bool is_first = !found->format.format.size;
  if (chunk_is_data(k, chunk)) {
    found->data     = found->has_data ? found->data : *chunk;
    found->has_data = true;
  } else if (is_first && !memcmp(chunk->name, k->format, 4U)) {
    found->format.format = *chunk;
  } else if (!memcmp(chunk->name, "CHAN", 4U) ||
             !memcmp(chunk->name, "chan", 4U)) {
    found->speakers = *chunk;
  } else if (!memcmp(chunk->name, "fact", 4U)) {
    found->format.fact = *chunk;
  } else if (!memcmp(chunk->name, "ds64", 4U) && chunk->size >= 28) {
    found->ds64 = chunk->body;
  }
}

/// Find the chunk of samples, and what tells how to read them, which may stand
/// behind it
static bool
find_chunks(ByteStream* const      stream,
            const ChunkKind* const k,
            Found* const           found)
{
  int64_t at = k->first;
  Chunk   chunk;
  memset(found, 0, sizeof(*found));
  for (int i = 0; i < MAX_CHUNKS && chunk_read(stream, k, at, &chunk); ++i) {
    note_chunk(found, k, &chunk);
    if (chunk.size < 0 || (found->has_data && found->format.format.size)) {
      break;
    }
    at = chunk_end(stream, k, chunk.body, chunk.size);
  }
  return found->has_data && found->format.format.size;
}

/// Return whether a size is what programs write that do not know it
static bool
is_untold(const ChunkKind* const k, const int64_t size)
{
  if (size <= 0 || k->size_size == 8U) {
    return size <= 0 || size >= INT64_C(1) << 61U;
  }
  return size >= INT64_C(0xFFFFF000) ||
         (size >= INT64_C(0x7FFFF000) && size <= INT64_C(0x80000000));
}

/// Return whether a file has no samples indeed: nothing but chunks follow
static bool
is_empty(ByteStream* const      stream,
         const ChunkKind* const k,
         const Chunks* const    c)
{
  const int64_t end = byte_stream_size(stream);
  return end >= 0 &&
         (c->data_at >= end || chunk_walk(stream, k, c->data_at) == end);
}

/// Set what the file has where its header tells no size
static void
take_all(ByteStream* const stream, const ChunkKind* const k, Chunks* const c)
{
  const int64_t end = byte_stream_size(stream);
  const bool    cut = c->told < 0 ? !k->may_be_empty : true;

  c->size  = end < 0 ? -1 : end - c->data_at;
  c->next  = -1;
  c->fault = end >= 0 && cut ? CHUNKS_UNTOLD : CHUNKS_AGREE;
  c->told  = -1;
}

/// Set what follows samples whose end is known, return where the rest begins
static int64_t
look_behind(ByteStream* const stream, const ChunkKind* const k, Chunks* const c)
{
  Chunk         chunk;
  const int64_t end =
    chunk_walk(stream, k, chunk_end(stream, k, c->data_at, c->size));

  c->is_more = !k->data_header && chunk_read(stream, k, end, &chunk) &&
               chunk_is_data(k, &chunk);
  c->next = c->is_more || chunk_kind_at(stream, end) ? end : -1;
  return end;
}

/// Compare the size that is told with the bytes that there are
static void
compare(ByteStream* const stream, const ChunkKind* const k, Chunks* const c)
{
  const int64_t end  = byte_stream_size(stream);
  const int64_t wrap = INT64_C(1) << 32U;

  if (is_untold(k, c->told)) {
    if (!c->told && is_empty(stream, k, c)) {
      c->size = 0;
    } else {
      take_all(stream, k, c);
    }
  } else if (end < 0) {
    c->size = c->told;
  } else if (c->told > end - c->data_at) {
    c->size  = end - c->data_at;
    c->fault = CHUNKS_CUT;
  } else {
    c->size            = c->told;
    const int64_t rest = look_behind(stream, k, c);
    c->n_behind        = c->next < 0 ? end - rest : 0;
    if (c->n_behind >= wrap - (1 << 16) && k->size_size == 4U) {
      take_all(stream, k, c); // 32 bits have overflowed
    }
  }
}

/// Find the samples of an AU file
static bool
find_au(ByteStream* const stream, Chunks* const c)
{
  static const ChunkKind au = {
    ".snd", NULL, "\0\0\0\0", "", true, false, true, 4, 4, 0, 1, 0};

  uint8_t head[24];
  if (byte_stream_peek(stream, 0, head, sizeof(head)) < sizeof(head) ||
      memcmp(head, ".snd", 4U)) {
    return false;
  }

  c->data_at = chunk_load(head + 4, 4U, true);
  c->told    = chunk_load(head + 8, 4U, true);
  c->format  = SF_FORMAT_AU;
  c->n_head  = chunk_head_make_au(stream, c->head);
  if (c->told == INT64_C(0xFFFFFFFF)) {
    c->told = -1;
  }
  compare(stream, &au, c);
  return true;
}

/// Return the size that the header tells, -1 for none
static int64_t
told_size(ByteStream* const      stream,
          const ChunkKind* const k,
          const Chunk* const     data,
          const int64_t          ds64)
{
  const int64_t head = (int64_t)k->data_header;
  uint8_t       size[8];
  if (ds64 && data->size == INT64_C(0xFFFFFFFF) &&
      byte_stream_peek(stream, ds64 + 8, size, sizeof(size)) == sizeof(size)) {
    return chunk_load(size, sizeof(size), false);
  }
  return data->size >= head && !is_untold(k, data->size) ? data->size - head
                                                         : data->size;
}

/// Return what libsndfile calls a kind of file
static int
format_of(const ChunkKind* const k)
{
  return k->name_size == 16U ? SF_FORMAT_W64
         : !memcmp(k->magic, "RF64", 4U) || !memcmp(k->magic, "BW64", 4U)
           ? SF_FORMAT_RF64
         : !strcmp(k->format, "COMM") ? SF_FORMAT_AIFF
         : !strcmp(k->format, "desc") ? SF_FORMAT_CAF
                                      : SF_FORMAT_WAV;
}

/// Skip what an AIFF file may have before the samples in their chunk
static void
skip_offset(ByteStream* const stream, const Chunk* const data, Chunks* const c)
{
  uint8_t       bytes[4] = {0};
  const int64_t offset =
    byte_stream_peek(stream, data->body, bytes, sizeof(bytes)) == sizeof(bytes)
      ? chunk_load(bytes, sizeof(bytes), true)
      : 0;
  if (offset <= c->told) {
    c->data_at += offset;
    c->told -= offset;
  }
}

/// Make a header, which is the file's own where libsndfile has to look for
/// other chunks too
static void
make_head(ByteStream* const      stream,
          const ChunkKind* const k,
          const Found* const     found,
          Chunks* const          c)
{
  c->n_head = chunk_head_make(
    stream, k, &found->format, c->size < 0 ? ENDLESS : c->size, c->head);
  if (!c->n_head && c->fault != CHUNKS_AGREE &&
      c->data_at <= (int64_t)sizeof(c->head)) {
    uint8_t* const size = c->head + found->data.at + k->name_size;
    const int64_t  n    = c->size < 0 ? ENDLESS : c->size;
    c->n_head = byte_stream_peek(stream, 0, c->head, (size_t)c->data_at);
    chunk_store(size, k->size_size, true, n + (int64_t)k->data_header);
  }
}

bool
chunks_find(ByteStream* const stream, Chunks* const chunks)
{
  const ChunkKind* const k = chunk_kind_at(stream, 0);
  Found                  found;

  memset(chunks, 0, sizeof(*chunks));
  chunks->next  = -1;
  chunks->first = stream->first;
  chunks->last  = stream->end;
  if (!k) {
    return find_au(stream, chunks);
  }
  if (!find_chunks(stream, k, &found)) {
    return false;
  }

  chunks->kind    = k;
  chunks->format  = format_of(k);
  chunks->data_at = found.data.body + (int64_t)k->data_header;
  chunks->told    = told_size(stream, k, &found.data, found.ds64);
  if (chunks->format == SF_FORMAT_AIFF) {
    skip_offset(stream, &found.data, chunks);
  } else if (chunks->format != SF_FORMAT_CAF) {
    chunks->codec = read_codec(stream, k, &found.format.format);
  }
  take_speakers(stream, &found.speakers, chunks);
  compare(stream, k, chunks);
  make_head(stream, k, &found, chunks);
  return true;
}

/// Have another chunk of samples in the same file
static bool
find_more(ByteStream* const stream, Chunks* const c)
{
  const ChunkKind* const k = (const ChunkKind*)c->kind;
  Chunk                  data;
  if (!chunk_read(stream, k, c->next, &data)) {
    return false;
  }
  c->data_at = data.body;
  c->told    = told_size(stream, k, &data, 0);
  c->fault   = CHUNKS_AGREE;
  c->next    = -1;
  compare(stream, k, c);
  return true;
}

/// Count the bytes that are left in a pipe
static int64_t
count_left(ByteStream* const stream, const int64_t at)
{
  const int64_t  most = 1 << 26; // Somebody may write without an end
  static uint8_t bytes[1 << 14];
  int64_t        n     = 0;
  size_t         n_new = 1U;
  byte_stream_seek(stream, at);
  for (; n_new && n < most; n += (int64_t)n_new) {
    n_new = byte_stream_read(stream, bytes, sizeof(bytes));
  }
  return n;
}

bool
chunks_next(ByteStream* const stream, Chunks* const chunks)
{
  const ChunkKind* const k       = (const ChunkKind*)chunks->kind;
  const bool             is_pipe = chunks->last == INT64_MAX;
  if (!k || chunks->size < 0) {
    return false;
  }

  byte_stream_window(stream, chunks->first, chunks->last);
  if (is_pipe) {
    const int64_t rest = look_behind(stream, k, chunks);
    chunks->n_behind   = chunks->next < 0 ? count_left(stream, rest) : 0;
  }
  if (chunks->next < 0) {
    return false;
  }
  if (chunks->is_more) {
    return find_more(stream, chunks);
  }
  byte_stream_window(stream, chunks->first + chunks->next, chunks->last);
  return chunks_find(stream, chunks);
}

int64_t
chunks_present(ByteStream* const stream, const Chunks* const chunks)
{
  const int64_t begin = chunks->first + chunks->data_at;
  const int64_t whole = chunks->codec == WAVE_GSM
                          ? chunks->size - (chunks->size % GSM_BLOCK)
                          : chunks->size;
  if (!chunks->n_head) {
    byte_stream_window(stream, chunks->first, chunks->last);
    return byte_stream_size(stream) < 0 ? ENDLESS : byte_stream_size(stream);
  }

  byte_stream_window(
    stream, begin, chunks->size < 0 ? INT64_MAX : begin + whole);
  byte_stream_put_head(stream, chunks->head, chunks->n_head);
  return (int64_t)chunks->n_head + (chunks->size < 0 ? ENDLESS : whole);
}
