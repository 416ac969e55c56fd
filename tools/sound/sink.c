// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#define _GNU_SOURCE // memmem

#include "sound/sink.h"

#include "files/output.h"

#include <sndfile.h>

#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static sf_count_t
get_length(void* const data)
{
  return ((const SoundSink*)data)->length;
}

static sf_count_t
get_place(void* const data)
{
  return ((const SoundSink*)data)->place;
}

static sf_count_t
seek(const sf_count_t offset, const int whence, void* const data)
{
  SoundSink* const sink  = (SoundSink*)data;
  const int64_t    place = offset + (whence == SEEK_CUR   ? sink->place
                                     : whence == SEEK_END ? sink->length
                                                          : 0);
  if (sink->streamed || place == sink->place ||
      lseek(sink->file->fd, sink->start + place, SEEK_SET) >= 0) {
    sink->place = place;
  }
  return sink->place;
}

static sf_count_t
read_back(void* const data, const sf_count_t n, void* const user)
{
  SoundSink* const sink   = (SoundSink*)user;
  const ssize_t    n_read = read(sink->file->fd, data, (size_t)n);
  sink->place += n_read > 0 ? n_read : 0;
  return n_read > 0 ? n_read : 0;
}

/// Write bytes, with the new text in place of the old one
static int
write_bytes(SoundSink* const sink, const uint8_t* const data, const size_t n)
{
  const size_t   size = sink->old_text ? strlen(sink->old_text) : 0U;
  const uint8_t* found =
    size ? (const uint8_t*)memmem(data, n, sink->old_text, size) : NULL;
  if (!found) {
    return output_file_write(sink->file, data, n);
  }

  const size_t before = (size_t)(found - data);
  sink->old_text      = NULL;
  return output_file_write(sink->file, data, before) ||
         output_file_write(sink->file, sink->new_text, size) ||
         output_file_write(sink->file, found + size, n - before - size);
}

static sf_count_t
write_out(const void* const data, const sf_count_t n, void* const user)
{
  SoundSink* const sink = (SoundSink*)user;

  // What is gone cannot be changed: a header keeps the sizes that it had
  const bool gone = sink->streamed && sink->place < sink->length;
  if (!gone && write_bytes(sink, (const uint8_t*)data, (size_t)n)) {
    return 0;
  }

  sink->place += n;
  if (sink->place > sink->length) {
    sink->length = sink->place;
  }
  return n;
}

void
sound_sink_init(SoundSink* const sink, OutputFile* const file)
{
  const off_t place = lseek(file->fd, 0, SEEK_CUR);
  sink->file        = file;
  sink->start       = place < 0 ? 0 : place;
  sink->place       = 0;
  sink->length      = 0;
  sink->old_text    = NULL;
  sink->streamed    = place < 0 || (fcntl(file->fd, F_GETFL) & O_APPEND);
}

SNDFILE*
sound_sink_open(SoundSink* const sink, SF_INFO* const info)
{
  static SF_VIRTUAL_IO functions = {
    get_length, seek, read_back, write_out, get_place};

  return sf_open_virtual(&functions, SFM_WRITE, info, sink);
}

void
sound_sink_replace(SoundSink* const  sink,
                   const char* const old_text,
                   const char* const new_text)
{
  sink->old_text = old_text;
  sink->new_text = new_text;
}
