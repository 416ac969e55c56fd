// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/decoders/byte_stream.h"
#include "sound/decoders/chunks/chunks.h"
#include "sound/decoders/decoder.h"
#include "sound/decoders/mpeg/mpeg_header.h"
#include "sound/input.h"

#include <mpg123.h>
#include <sndfile.h>

#include <sys/types.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WAV_LAYER_2 = 0x50, WAV_LAYER_3 = 0x55 };

/// Where we are in a stream of frames
typedef struct {
  mpg123_handle* handle;
  int64_t        next;   ///< Where the next frame should begin, 0 if unknown
  int64_t        told;   ///< Frames of sound that a tag tells, or -1
  uint64_t       n_sent; ///< Frames of sound
  unsigned       sample_rate;
  unsigned       n_channels;
} State;

static mpg123_ssize_t
read_bytes(void* const data, void* const bytes, const size_t n)
{
  return (mpg123_ssize_t)byte_stream_read((ByteStream*)data, bytes, n);
}

static off_t
seek(void* const data, const off_t offset, const int whence)
{
  ByteStream* const stream = (ByteStream*)data;
  const int64_t     size   = byte_stream_size(stream);
  if (size < 0) {
    return -1;
  }
  byte_stream_seek(stream,
                   offset + (whence == SEEK_SET   ? 0
                             : whence == SEEK_CUR ? stream->place
                                                  : size));
  return stream->place;
}

/// Return whether a file says that it is something else, whose numbers may look
/// like frames
static bool
is_other_container(const char magic[4])
{
  static const char* const others[] = {
    "FORM", "riff", "RF64", "BW64", "caff", ".snd", "OggS", "fLaC"};

  for (size_t i = 0U; i < sizeof(others) / sizeof(others[0]); ++i) {
    if (!memcmp(magic, others[i], 4U)) {
      return true;
    }
  }
  return false;
}

/// Go to the frames, which a WAV file may hold
static bool
find_frames(ByteStream* const stream, MpegHeader* const header)
{
  char   magic[4] = {0};
  Chunks chunks;
  byte_stream_peek(stream, 0, magic, sizeof(magic));
  if (is_other_container(magic)) {
    return false;
  }
  if (!memcmp(magic, "RIFF", 4U)) {
    if (!chunks_find(stream, &chunks) ||
        (chunks.codec != WAV_LAYER_2 && chunks.codec != WAV_LAYER_3)) {
      return false;
    }
    byte_stream_window(stream,
                       chunks.data_at,
                       chunks.size < 0 ? INT64_MAX
                                       : chunks.data_at + chunks.size);
  }
  return mpeg_find_frame(stream, header) >= 0;
}

static mpg123_handle*
new_handle(ByteStream* const stream)
{
  mpg123_handle* const handle = mpg123_new(NULL, NULL);
  if (!handle) {
    return NULL;
  }

  const long flags =
    MPG123_QUIET | MPG123_FORCE_FLOAT | MPG123_SKIP_ID3V2 | MPG123_NO_PEEK_END;
  mpg123_param(handle, MPG123_ADD_FLAGS, flags, 0.0);
  mpg123_param(handle, MPG123_RESYNC_LIMIT, -1, 0.0);
  mpg123_replace_reader_handle(handle, read_bytes, seek, NULL);
  if (mpg123_open_handle(handle, stream) != MPG123_OK) {
    mpg123_delete(handle);
    return NULL;
  }
  return handle;
}

/// Take over the rate and channels of the frame that was read last
static bool
take_format(State* const state)
{
  long rate       = 0;
  int  n_channels = 0;
  int  encoding   = 0;
  if (mpg123_getformat(state->handle, &rate, &n_channels, &encoding) !=
        MPG123_OK ||
      encoding != MPG123_ENC_FLOAT_32) {
    return false;
  }
  state->sample_rate = (unsigned)rate;
  state->n_channels  = (unsigned)n_channels;
  return true;
}

/// Return whether the frame at a place holds a tag instead of sound
static bool
has_tag(ByteStream* const stream, const int64_t at)
{
  uint8_t      bytes[64] = {0};
  const size_t n         = byte_stream_peek(stream, at, bytes, sizeof(bytes));
  for (size_t i = 4U; i + 4U <= n; ++i) {
    if (!memcmp(bytes + i, "Xing", 4U) || !memcmp(bytes + i, "Info", 4U) ||
        !memcmp(bytes + i, "VBRI", 4U)) {
      return true;
    }
  }
  return false;
}

/// Return the length that a tag in the first frame tells, or -1
static int64_t
read_tag(ByteStream* const stream, mpg123_handle* const handle)
{
  MpegHeader    header;
  const int64_t at = mpeg_find_frame(stream, &header);
  return has_tag(stream, at) ? mpg123_length(handle) : -1;
}

/// Return how many MPEG frames there are, -1 if a pipe may not be read twice
static int64_t
count_frames(ByteStream* const stream)
{
  const int64_t place = stream->place;
  if (byte_stream_size(stream) < 0) {
    return -1;
  }

  // A handle of its own: one that scanned forgets the encoder's delay where
  // the tag does not agree
  byte_stream_seek(stream, 0);
  mpg123_handle* const handle = new_handle(stream);
  const int64_t        n      = handle && mpg123_scan(handle) == MPG123_OK
                                  ? (int64_t)mpg123_framelength(handle)
                                  : -1;
  mpg123_delete(handle);
  byte_stream_seek(stream, place);
  return n;
}

/// Set the length: what a tag tells, else what there is
static void
measure_length(SoundInput* const input, State* const state)
{
  const int64_t n_told  = mpg123_framelength(state->handle);
  const int64_t n_found = count_frames(&input->bytes);

  state->told        = read_tag(&input->bytes, state->handle);
  input->info.frames = SOUND_FRAMES_UNKNOWN;
  if (n_found >= 0 && state->told >= 0 && n_found <= n_told) {
    input->info.frames = state->told;
  } else if (n_found >= 0 && state->told < 0) {
    input->info.frames = n_found * mpg123_spf(state->handle);
  }
}

static int
format_of(const unsigned layer)
{
  return SF_FORMAT_MPEG | (layer == 1U   ? SF_FORMAT_MPEG_LAYER_I
                           : layer == 2U ? SF_FORMAT_MPEG_LAYER_II
                                         : SF_FORMAT_MPEG_LAYER_III);
}

static bool
open_stream(SoundInput* const input)
{
  MpegHeader header;
  if (!find_frames(&input->bytes, &header)) {
    return false;
  }
  if (header.is_free) {
    sound_input_fail(input,
                     "it is MP3 in free format, which Grus does not read; "
                     "first make it WAV: lame --decode IN out.wav");
    return false;
  }

  State* const state = (State*)sound_input_new_state(input, sizeof(State));
  if (!state) {
    return false;
  }
  byte_stream_seek(&input->bytes, 0);
  state->handle = new_handle(&input->bytes);
  if (!state->handle || !take_format(state)) {
    sound_input_fail(input, "its MPEG audio is damaged from the beginning");
    return false;
  }

  input->info.samplerate = (int)state->sample_rate;
  input->info.channels   = (int)state->n_channels;
  input->info.format     = format_of(header.layer);
  measure_length(input, state);
  return true;
}

/// Look for bytes between the frames that are neither frames nor tags
static void
check_place(SoundInput* const input, State* const state)
{
  uint8_t       bytes[4];
  MpegHeader    header;
  const int64_t at = mpg123_framepos(state->handle);
  if (state->next && at > state->next &&
      !mpeg_is_tag(&input->bytes, state->next)) {
    sound_input_damage(input);
  }
  state->next = 0;
  if (byte_stream_peek(&input->bytes, at, bytes, 4U) == 4U &&
      mpeg_header_parse(bytes, &header)) {
    state->next = at + header.size;
  }
}

/// Tell of a last frame that is not whole, or of frames that are not there
static void
check_end(SoundInput* const input, const State* const state)
{
  uint8_t    bytes[4];
  MpegHeader header;
  const bool begun =
    state->next &&
    byte_stream_peek(&input->bytes, state->next, bytes, 4U) == 4U &&
    mpeg_header_parse(bytes, &header);
  const bool unfinished =
    state->next && !byte_stream_peek(&input->bytes, state->next - 1, bytes, 1U);
  const bool fewer = state->told > 0 && state->n_sent < (uint64_t)state->told;
  if (fewer) {
    char text[128];
    snprintf(text,
             sizeof(text),
             "is cut short after %llu of %lld frames",
             (unsigned long long)state->n_sent,
             (long long)state->told);
    sound_input_warn(input, text);
  } else if (begun || unfinished) {
    sound_input_warn(input, "is cut short in its last frame");
  }
}

/// Begin anew where the frame that was read last is the tag of another file,
/// which tells how much of its beginning and end is no sound
static bool
restart(SoundInput* const input, State* const state)
{
  ByteStream* const stream = &input->bytes;
  const int64_t     at     = mpg123_framepos(state->handle);
  if (!state->n_sent || !has_tag(stream, at)) {
    return false;
  }

  if (state->next == at) {
    state->next = 0; // What has begun there is the other file
  }
  check_end(input, state);
  mpg123_delete(state->handle);
  byte_stream_window(stream, byte_stream_origin(stream, at), stream->end);
  state->handle = new_handle(stream);
  state->next   = 0;
  state->n_sent = 0U;
  state->told   = -1;
  if (state->handle && take_format(state)) {
    state->told = read_tag(stream, state->handle);
  } else {
    sound_input_damage(input);
  }
  return true;
}

static void
next_frame(SoundInput* const input, SoundChunk* const chunk)
{
  State* const   state  = (State*)input->state;
  unsigned char* audio  = NULL;
  size_t         size   = 0U;
  off_t          number = 0;
  int            status = MPG123_OK;
  do {
    status = state->handle
               ? mpg123_decode_frame(state->handle, &number, &audio, &size)
               : MPG123_ERR;
    if (status == MPG123_NEW_FORMAT && !take_format(state)) {
      status = MPG123_ERR;
    } else if (status == MPG123_OK && restart(input, state)) {
      size = 0U;
    } else if (status == MPG123_OK) {
      check_place(input, state);
    }
  } while (status == MPG123_NEW_FORMAT || (status == MPG123_OK && !size));

  chunk->frames      = (const float*)(const void*)audio;
  chunk->sample_rate = state->sample_rate;
  chunk->n_channels  = state->n_channels;
  chunk->n =
    status == MPG123_OK ? size / sizeof(float) / state->n_channels : 0U;
  state->n_sent += chunk->n;
  if (!chunk->n && state->handle) {
    check_end(input, state);
  }
}

static void
close_stream(SoundInput* const input)
{
  State* const state = (State*)input->state;
  if (state) {
    mpg123_delete(state->handle);
    free(state);
  }
}

const SoundDecoder sound_decoder_mpg123 = {
  open_stream,
  next_frame,
  close_stream,
};
