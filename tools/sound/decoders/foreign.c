// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#define _GNU_SOURCE // memmem

#include "sound/decoders/foreign.h"

#include "sound/decoders/byte_stream.h"
#include "sound/decoders/chunks/chunk_kinds.h"
#include "sound/decoders/chunks/chunks.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum {
  N_BEGINNING = 512,     ///< Bytes that tell what a file is
  MAX_MOOV    = 1 << 20, ///< Bytes of an MP4 file's description
  MAX_ATOMS   = 1000,    ///< Of an MP4 file, on top
};

/// How a kind of file begins
typedef struct {
  const char* magic;
  const char* text;
} Foreign;

static const Foreign kinds[] = {
  {"<!doctype html", "it is a web page; download the sound itself"},
  {"<html", "it is a web page; download the sound itself"},
  {"<?xml", "it is a text in XML, not sound"},
  {"PK\3\4", "it is an archive; unpack it first"},
  {"Rar!", "it is an archive; unpack it first"},
  {"7z\xBC\xAF", "it is an archive; unpack it first"},
  {"\x1F\x8B", "it is packed; unpack it first, with gunzip"},
  {"\xFD"
   "7zXZ",
   "it is packed; unpack it first, with unxz"},
  {"%PDF", "it is a PDF document, not sound"},
  {"\x89PNG", "it is a picture; sound is wanted"},
  {"\xFF\xD8\xFF", "it is a picture; sound is wanted"},
  {"GIF8", "it is a picture; sound is wanted"},
  {"MThd", "it is MIDI, which is notes; play them into a sound file first"},
  {"version https://git-lfs", "it is Git's note of a file; run git lfs pull"},
};

static bool
begins_with(const uint8_t* const bytes, const size_t n, const char* const magic)
{
  const size_t size = strlen(magic);
  for (size_t i = 0U; i < size; ++i) {
    if (i >= n || tolower(bytes[i]) != tolower((uint8_t)magic[i])) {
      return false;
    }
  }
  return true;
}

/// Return whether bytes are nothing but letters
static bool
is_text(const uint8_t* const bytes, const size_t n)
{
  for (size_t i = 0U; i < n; ++i) {
    if (bytes[i] == 0x7FU || (bytes[i] < ' ' && !isspace(bytes[i]))) {
      return false;
    }
  }
  return true;
}

static bool
is_zero(const uint8_t* const bytes, const size_t n)
{
  size_t i = 0U;
  while (i < n && !bytes[i]) {
    ++i;
  }
  return i == n;
}

/// Tell what is wrong with a WAV file's description of its samples
static void
explain_wav(const Chunks* const c, char* const text, const size_t size)
{
  const bool    is_big = c->head[3] == 'X';
  const int64_t n      = chunk_load(c->head + 22, 2U, is_big);
  const int64_t rate   = chunk_load(c->head + 24, 4U, is_big);
  const int64_t most   = 0x7FFFFFFF;
  if (!n) {
    snprintf(text, size, "its header tells no channels");
  } else if (!rate || rate > most) {
    snprintf(text,
             size,
             "its header tells a rate of %lld Hz; --raw-rate, --raw-format and "
             "--raw-channels read it as raw sound",
             (long long)rate);
  } else {
    snprintf(text,
             size,
             "its codec, number 0x%04X of WAV, is none that is read here; the "
             "program that wrote it can save it as PCM",
             c->codec);
  }
}

static void
explain_chunks(ByteStream* const stream, char* const text, const size_t size)
{
  Chunks chunks;
  if (!chunks_find(stream, &chunks)) {
    snprintf(text,
             size,
             "it ends, or is damaged, before its sound: copy it once more");
  } else if (chunks.n_head >= 44U && !memcmp(chunks.head, "RIF", 3U)) {
    explain_wav(&chunks, text, size);
  } else {
    snprintf(text, size, "its header is damaged");
  }
}

void
foreign_explain(ByteStream* const stream, char* const text, const size_t size)
{
  uint8_t       bytes[N_BEGINNING];
  const int64_t place = stream->place;
  byte_stream_rewind(stream);
  const size_t n = byte_stream_peek(stream, 0, bytes, sizeof(bytes));
  text[0]        = '\0';
  for (size_t i = 0U; i < sizeof(kinds) / sizeof(kinds[0]); ++i) {
    if (begins_with(bytes, n, kinds[i].magic)) {
      snprintf(text, size, "%s", kinds[i].text);
    }
  }
  if (!text[0] && chunk_kind_at(stream, 0)) {
    explain_chunks(stream, text, size);
  } else if (!n) {
    snprintf(text, size, "there is nothing in it");
  } else if (!text[0] && is_zero(bytes, n)) {
    snprintf(
      text, size, "it begins with zeros, as files do that were not saved");
  } else if (!text[0] && is_text(bytes, n)) {
    snprintf(text, size, "it is a text, not sound");
  }
  stream->place = place;
}

/// Return whether a description names a locked sound
static bool
has_lock(ByteStream* const stream, const int64_t at, const int64_t size)
{
  static uint8_t bytes[MAX_MOOV];
  const size_t   most = sizeof(bytes);
  const size_t   n    = byte_stream_peek(
    stream, at, bytes, size < (int64_t)most ? (size_t)size : most);
  return (memmem(bytes, n, "drms", 4U) || memmem(bytes, n, "enca", 4U)) &&
         memmem(bytes, n, "sinf", 4U);
}

bool
foreign_is_locked(ByteStream* const stream)
{
  uint8_t head[16];
  int64_t at = 0;
  byte_stream_rewind(stream);
  for (int i = 0; i < MAX_ATOMS; ++i) {
    const size_t n = byte_stream_peek(stream, at, head, sizeof(head));
    if (n < 8U || (!i && memcmp(head + 4, "ftyp", 4U))) {
      return false;
    }
    const int64_t size32 = chunk_load(head, 4U, true);
    const int64_t size =
      size32 == 1 && n == 16U ? chunk_load(head + 8, 8U, true) : size32;
    if (!memcmp(head + 4, "moov", 4U)) {
      return has_lock(stream, at, size);
    }
    if (size < 8 || (byte_stream_size(stream) < 0 && size > MAX_MOOV)) {
      return false; // A pipe is not read to its end for that
    }
    at += size;
  }
  return false;
}
