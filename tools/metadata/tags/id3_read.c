// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "metadata/buffer.h"
#include "metadata/metadata.h"
#include "metadata/tags/chapters.h"
#include "metadata/tags/id3.h"
#include "metadata/tags/keys.h"
#include "metadata/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  UNSYNCHRONISED = 0x80, ///< Flag of a tag
  EXTENDED       = 0x40,
  FOOTER         = 0x10,
};

/// A frame, its flags done with
typedef struct {
  char           id[5]; ///< As in version 2.4, where that has it
  const uint8_t* data;
  size_t         size;
  bool           readable; ///< It is not compressed or encrypted
} Frame;

/// The frames of a tag, or of a chapter
typedef struct {
  const uint8_t* data;
  size_t         size;
  size_t         at;
  unsigned       version; ///< 2, 3 or 4
} Frames;

/// Return a number of seven bits a byte
static size_t
load_seven(const uint8_t* const p)
{
  return ((size_t)(p[0] & 0x7FU) << 21U) | ((size_t)(p[1] & 0x7FU) << 14U) |
         ((size_t)(p[2] & 0x7FU) << 7U) | (size_t)(p[3] & 0x7FU);
}

size_t
id3_size(const uint8_t head[ID3_HEAD_SIZE])
{
  const bool   ok = !memcmp(head, "ID3", 3U) && head[3] >= 2U && head[3] <= 4U;
  const size_t n_footer = head[5] & FOOTER ? ID3_HEAD_SIZE : 0U;
  return ok ? ID3_HEAD_SIZE + load_seven(head + 6) + n_footer : 0U;
}

/// Add bytes without the zeros that keep players from taking them for sound
static void
resynchronise(const uint8_t* const data, const size_t n, Buffer* const out)
{
  size_t start = 0U;
  for (size_t i = 1U; i < n; ++i) {
    if (data[i - 1U] == 0xFFU && !data[i]) {
      buffer_add(out, data + start, i - start);
      start = i + 1U;
    }
  }
  buffer_add(out, data + start, n - start);
}

/// Find the next frame; `spare` holds its bytes where they had to change
static bool
next_frame(Frames* const frames, Frame* const frame, Buffer* const spare)
{
  const bool           old  = frames->version == 2U;
  const size_t         head = old ? 6U : 10U;
  const uint8_t* const p    = frames->data + frames->at;
  if (frames->at > frames->size || frames->size - frames->at < head || !p[0]) {
    return false;
  }

  const bool plain = frames->version == 3U ||
                     ((p[4] | p[5] | p[6] | p[7]) & 0x80U); // By mistake
  const size_t size = old     ? (size_t)load_be(p + 3, 3U)
                      : plain ? (size_t)load_be(p + 4, 4U)
                              : load_seven(p + 4);
  if (size > frames->size - frames->at - head) {
    return false;
  }

  const unsigned flags = old ? 0U : p[9];
  const bool     v4    = frames->version == 4U;
  size_t         skip  = flags & (v4 ? 0x40U : 0x20U) ? 1U : 0U; // Its group
  skip += v4 && (flags & 1U) ? 4U : 0U;                          // Its length
  memset(frame, 0, sizeof(*frame));
  memcpy(frame->id, p, old ? 3U : 4U);
  frame->readable = !(flags & (v4 ? 0x0CU : 0xC0U)) && skip <= size;
  frame->data     = p + head + (frame->readable ? skip : 0U);
  frame->size     = size - (frame->readable ? skip : 0U);
  if (v4 && (flags & 2U)) {
    spare->size = 0U;
    resynchronise(frame->data, frame->size, spare);
    frame->data = spare->data;
    frame->size = spare->size;
  }
  frames->at += head + size;
  return !spare->failed;
}

/// Return where a text of an encoding ends, `n` if nothing ends it
static size_t
text_end(const unsigned encoding, const uint8_t* const text, const size_t n)
{
  if (encoding == 1U || encoding == 2U) {
    for (size_t i = 0U; i + 1U < n; i += 2U) {
      if (!text[i] && !text[i + 1U]) {
        return i;
      }
    }
    return n;
  }
  const void* const end = memchr(text, 0, n);
  return end ? (size_t)((const uint8_t*)end - text) : n;
}

/// Take the next text off a list and return it as UTF-8, to be freed
static char*
take_text(const unsigned        encoding,
          const uint8_t** const list,
          size_t* const         n,
          size_t* const         size)
{
  const bool   wide = encoding == 1U || encoding == 2U;
  const size_t end  = text_end(encoding, *list, *n);
  char* const  text =
    wide ? text_utf8_of_16(*list, end, size) : text_utf8(*list, end, size);
  const size_t step = end + (wide ? 2U : 1U);
  *list += step < *n ? step : *n;
  *n -= step < *n ? step : *n;
  return text;
}

/// Add all texts of a list
static void
add_texts(Metadata* const   metadata,
          const char* const key,
          const unsigned    encoding,
          const uint8_t*    list,
          size_t            n)
{
  do {
    size_t      size = 0U;
    char* const text = take_text(encoding, &list, &n, &size);
    if (text) {
      metadata_add_text(metadata, key, text, size);
    }
    free(text);
  } while (n);
}

/// Add a text that has a description before it, and a language if `skip`
static void
add_described(Metadata* const    metadata,
              const Frame* const frame,
              const char* const  key,
              const size_t       skip)
{
  if (frame->size < 1U + skip) {
    return;
  }
  const uint8_t* list    = frame->data + 1U + skip;
  size_t         n       = frame->size - 1U - skip;
  size_t         n_name  = 0U;
  const bool     is_user = !*key;
  char* const    name    = take_text(frame->data[0], &list, &n, &n_name);
  char* const    full    = (char*)malloc(n_name + 8U);
  if (name && full) {
    snprintf(
      full, n_name + 8U, "%s%s%s", key, is_user || !n_name ? "" : ":", name);
    add_texts(metadata,
              *full ? full : "TXXX",
              frame->id[0] == 'W' ? 0U : frame->data[0],
              list,
              n);
  }
  free(full);
  free(name);
}

static void
add_picture(Metadata* const metadata, const Frame* const frame, const bool old)
{
  const uint8_t*  p       = frame->data + 1;
  size_t          n       = frame->size ? frame->size - 1U : 0U;
  size_t          n_s     = 0U;
  MetadataPicture picture = {0};
  if (old && n >= 4U) {
    const bool jpeg = !memcmp(p, "JPG", 3U);
    picture.mime    = strdup(jpeg                    ? "image/jpeg"
                          : !memcmp(p, "PNG", 3U) ? "image/png"
                                                  : "image/");
    p += 3;
    n -= 3U;
  } else if (!old) {
    picture.mime = take_text(0U, &p, &n, &n_s);
  }
  if (picture.mime && n >= 1U) {
    picture.type = *p;
    ++p;
    --n;
    picture.description = take_text(frame->data[0], &p, &n, &n_s);
    Buffer data         = {0};
    buffer_add(&data, p, n);
    picture.data = data.data;
    picture.size = n;
    if (picture.description && n && !data.failed) {
      metadata_add_picture(metadata, &picture);
    }
    buffer_free(&data);
  }
  free(picture.description);
  free(picture.mime);
}

/// Keep a frame as it is
static void
add_frame(Metadata* const metadata, const Frame* const frame)
{
  const size_t         n = frame->readable && frame->id[3] ? frame->size : 0U;
  MetadataChunk* const chunk =
    metadata_add_chunk(metadata, METADATA_ID3, frame->id, n);
  if (chunk && n) {
    memcpy(chunk->data, frame->data, n);
  }
}

static void
add_chapter(Metadata* const    metadata,
            const Frame* const chapter,
            const unsigned     version)
{
  const size_t n_id = strnlen((const char*)chapter->data, chapter->size) + 1U;
  if (chapter->size < n_id + 16U) {
    return;
  }

  Frames   frames = {chapter->data, chapter->size, n_id + 16U, version};
  Frame    frame;
  Buffer   spare = {0};
  char*    title = NULL;
  size_t   n     = 0U;
  uint64_t times[2];
  for (unsigned i = 0U; i < 2U; ++i) {
    times[i] = chapter_frame(
      metadata, load_be(chapter->data + n_id + (4U * (size_t)i), 4U));
  }
  while (next_frame(&frames, &frame, &spare)) {
    if (!title && !strcmp(frame.id, "TIT2") && frame.size) {
      const uint8_t* text   = frame.data + 1;
      size_t         n_text = frame.size - 1U;
      title                 = take_text(frame.data[0], &text, &n_text, &n);
    }
  }
  metadata_add_marker(metadata,
                      times[0],
                      times[1] > times[0] ? times[1] - times[0] : 0U,
                      title ? title : "",
                      title ? n : 0U);
  free(title);
  buffer_free(&spare);
}

/// Call the frames of version 2.2 what they are called since
static void
rename_old(Frame* const frame)
{
  static const char* const others[][2] = {
    {"COM", "COMM"}, {"TXX", "TXXX"}, {"ULT", "USLT"}, {"WXX", "WXXX"}};
  const char* const key  = key_translate(frame->id, KEY_ID22, KEY_VORBIS);
  const char*       name = key ? key_translate(key, KEY_VORBIS, KEY_ID3) : NULL;
  for (size_t i = 0U; i < sizeof(others) / sizeof(others[0]); ++i) {
    if (!strcmp(frame->id, others[i][0])) {
      name = others[i][1];
    }
  }
  if (name) {
    memcpy(frame->id, name, 4U);
  }
}

/// Return whether a frame tells where the bytes of the sound lie
static bool
is_technical(const char* const id)
{
  return !strcmp(id, "MLLT") || !strcmp(id, "MLL") || !strcmp(id, "ASPI");
}

static void
read_frame(Metadata* const metadata, Frame* const frame, const unsigned version)
{
  const char* const id = frame->id;
  if (version == 2U) {
    rename_old(frame);
  }

  const char* const key = key_translate(id, KEY_ID3, KEY_VORBIS);
  if (!frame->readable) {
    add_frame(metadata, frame);
  } else if (!strcmp(id, "TXXX")) {
    add_described(metadata, frame, "", 0U);
  } else if (!strcmp(id, "WXXX")) {
    add_described(metadata, frame, "URL", 0U);
  } else if (!strcmp(id, "COMM")) {
    add_described(metadata, frame, "COMMENT", 3U);
  } else if (!strcmp(id, "USLT")) {
    add_described(metadata, frame, "LYRICS", 3U);
  } else if (!strcmp(id, "APIC") || !strcmp(id, "PIC")) {
    add_picture(metadata, frame, !id[3]);
  } else if (id[0] == 'T' && frame->size) {
    add_texts(metadata,
              key ? key : id,
              frame->data[0],
              frame->data + 1,
              frame->size - 1U);
  } else if (id[0] == 'W') {
    add_texts(metadata, id, 0U, frame->data, frame->size);
  } else if (!strcmp(id, "CHAP")) {
    add_chapter(metadata, frame, version);
  } else if (strcmp(id, "CTOC") && !is_technical(id)) {
    add_frame(metadata, frame);
  }
}

bool
id3_read(Metadata* const metadata, const uint8_t* const tag, const size_t size)
{
  const size_t n_tag = size < ID3_HEAD_SIZE ? 0U : id3_size(tag);
  bool         keep  = true;
  if (!n_tag) {
    return keep;
  }

  const unsigned version = tag[3];
  const size_t   n_body  = load_seven(tag + 6);
  const size_t   n_there = size - ID3_HEAD_SIZE;
  Frame          frame;
  Buffer         body   = {0};
  Buffer         spare  = {0};
  Frames         frames = {
            tag + ID3_HEAD_SIZE, n_body < n_there ? n_body : n_there, 0U, version};
  if (version < 4U && (tag[5] & UNSYNCHRONISED)) {
    resynchronise(frames.data, frames.size, &body);
    frames.data = body.data;
    frames.size = body.size;
  }
  if (version > 2U && (tag[5] & EXTENDED) && frames.size >= 4U) {
    frames.at = version == 4U ? load_seven(frames.data)
                              : 4U + (size_t)load_be(frames.data, 4U);
  }
  while (next_frame(&frames, &frame, &spare)) {
    keep = keep && !is_technical(frame.id);
    read_frame(metadata, &frame, version);
  }
  buffer_free(&body);
  buffer_free(&spare);
  return keep;
}

void
id3_read_chunk(Metadata* const metadata, const size_t i)
{
  const MetadataChunk chunk  = metadata->chunks[i];
  metadata->chunks[i].mapped = true;
  metadata_begin_tag(metadata);
  id3_read(metadata, chunk.data, chunk.size);
}
