// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/layout/sndfile.h"
#include "grus/grus.h"
#include "sound/decoders/byte_stream.h"
#include "sound/decoders/chunks/chunks.h"
#include "sound/decoders/decoder.h"
#include "sound/input.h"
#include "sound/layout/core_audio.h"
#include "sound/layout/layout.h"

#include <sndfile.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_FRAMES = 4096 }; ///< At once

/// What libsndfile reads from
typedef struct {
  ByteStream* bytes;
  int64_t     length; ///< What the file is taken for
  SNDFILE*    file;
  SF_INFO     info;
  Chunks      chunks; ///< Nothing but zeros if the file has none
  float*      frames; ///< (N_FRAMES, channels)
} State;

static sf_count_t
get_length(void* const data)
{
  return ((const State*)data)->length;
}

static sf_count_t
seek(const sf_count_t offset, const int whence, void* const data)
{
  State* const  state = (State*)data;
  const int64_t from  = whence == SEEK_SET   ? 0
                        : whence == SEEK_CUR ? state->bytes->place
                                             : state->length;
  byte_stream_seek(state->bytes, from + offset);
  return state->bytes->place;
}

static sf_count_t
read_bytes(void* const bytes, const sf_count_t n, void* const data)
{
  State* const  state     = (State*)data;
  const int64_t left      = state->length - state->bytes->place;
  const int64_t n_at_most = n < left ? n : left;
  return n_at_most > 0 ? (sf_count_t)byte_stream_read(
                           state->bytes, bytes, (size_t)n_at_most)
                       : 0;
}

static sf_count_t
write_bytes(const void* const bytes, const sf_count_t n, void* const data)
{
  (void)bytes;
  (void)n;
  (void)data;
  return 0;
}

static sf_count_t
tell(void* const data)
{
  return ((const State*)data)->bytes->place;
}

/// Say what is wrong with the sizes in the header
static void
warn_of_sizes(SoundInput* const input, const Chunks* const c)
{
  char text[128] = "";
  if (c->fault == CHUNKS_UNTOLD) {
    snprintf(text,
             sizeof(text),
             "was never finished: its header does not tell the length, all "
             "that is there is read");
  } else if (c->n_behind >= 4096) {
    snprintf(text,
             sizeof(text),
             "has %lld bytes behind its sound that are left out",
             (long long)c->n_behind);
  }
  if (text[0]) {
    sound_input_warn(input, text);
  }
}

/// Set how many frames there are and how many the header tells
static void
take_length(SoundInput* const input, const State* const state)
{
  const Chunks* const c       = &state->chunks;
  const bool          is_pipe = !input->bytes.seekable;
  const int64_t       n       = state->info.frames;
  const int64_t       width   = n > 0 ? c->size / n : 0; // 0 if compressed

  input->info.frames = is_pipe || c->next >= 0 ? SOUND_FRAMES_UNKNOWN : n;
  if (c->data_at && c->told >= 0 && c->size > 0) {
    input->n_told =
      width ? c->told / width
            : (int64_t)((double)n * (double)c->told / (double)c->size);
  }
}

/// Have the format name the container that the file is, not what libsndfile
/// took it for
static void
take_container(SoundInput* const input, const State* const state)
{
  const int container = state->chunks.format;
  const int kind      = input->info.format & SF_FORMAT_TYPEMASK;
  const int numbers   = input->info.format & ~SF_FORMAT_TYPEMASK;
  if (container && (container != SF_FORMAT_WAV || kind != SF_FORMAT_WAVEX)) {
    input->info.format = container | numbers;
  }
}

/// Take the speakers from an AudioChannelLayout, or from WAV's mask
static void
take_layout(SoundInput* const input, const State* const state)
{
  const uint32_t      n = (uint32_t)state->info.channels;
  const Chunks* const c = &state->chunks;
  if (c->n_speakers) {
    input->layout =
      layout_from_core_audio(c->speakers, c->n_speakers, n, &input->order);
  } else {
    input->order  = channel_order_same(n);
    input->layout = layout_of_sndfile(state->file, &state->info);
  }
}

/**
   Return whether a file without chunks says that libsndfile knows it.

   What does not is not tried: libsndfile would look for a resource fork beside
   it, and its decoders of what others here read write to the standard error.
   Sample dumps (SDS) are left to ffmpeg: libsndfile tells the standard output,
   where the sound may go, what is wrong with them, and looks for the end of a
   pipe for ever.
*/
static bool
is_known(ByteStream* const stream)
{
  static const char* const magics[] = {"dns.",
                                       "fap ",
                                       " paf",
                                       "NIST",
                                       "Creative",
                                       "MATLAB 5",
                                       "PVF1",
                                       "Extended",
                                       "ALawSoundFil",
                                       "2BIT",
                                       "LM89",
                                       "CAT ",
                                       "DiamondWare "};

  uint8_t b[12] = {0};
  byte_stream_peek(stream, 0, b, sizeof(b));
  for (size_t i = 0U; i < sizeof(magics) / sizeof(magics[0]); ++i) {
    if (!memcmp(b, magics[i], strlen(magics[i]))) {
      return true;
    }
  }

  static const uint8_t mat4_be[12] = {0, 0, 3, 0xE8, 0, 0, 0, 1, 0, 0, 0, 1};
  static const uint8_t mat4_le[12] = {0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0};
  const bool is_ircam = (b[0] == 0x64U && b[1] == 0xA3U && b[2] < 8U) ||
                        (!b[0] && b[1] < 8U && b[2] == 0xA3U && b[3] == 0x64U);
  const bool is_svx = !memcmp(b, "FORM", 4U) && (!memcmp(b + 8, "8SVX", 4U) ||
                                                 !memcmp(b + 8, "16SV", 4U));
  const bool is_mpc = b[0] == 1U && b[1] == 4U;
  const bool is_htk =
    b[8] == 0U && b[9] == 2U && !b[10] && !b[11] &&
    byte_stream_size(stream) ==
      12 + 2 * (int64_t)((uint32_t)b[0] << 24U | (uint32_t)b[1] << 16U |
                         (uint32_t)b[2] << 8U | b[3]);
  return is_ircam || is_svx || is_mpc || is_htk ||
         !memcmp(b, mat4_be, sizeof(mat4_be)) ||
         !memcmp(b, mat4_le, sizeof(mat4_le));
}

/**
   Read a pipe to its end where libsndfile would look for that again and again.

   What has nothing but samples behind its header may go on for ever.
*/
static void
find_end(ByteStream* const stream)
{
  static const char* const endless[] = {
    "dns.", "fap ", " paf", "NIST", "PVF1", "2BIT"};

  static char bytes[1 << 16];
  char        magic[4] = {0};
  byte_stream_peek(stream, 0, magic, sizeof(magic));
  for (size_t i = 0U; i < sizeof(endless) / sizeof(endless[0]); ++i) {
    if (!memcmp(magic, endless[i], sizeof(magic))) {
      return;
    }
  }

  size_t  n    = byte_stream_size(stream) < 0 ? 1U : 0U;
  int64_t size = 0;
  for (; n; size += (int64_t)n) {
    n = byte_stream_peek(stream, size, bytes, sizeof(bytes));
  }
  if (size) {
    byte_stream_window(stream, stream->first, stream->first + size);
  }
}

/// Have libsndfile open what begins at the stream's window, or the samples that
/// were found there
static bool
open_part(SoundInput* const input, State* const state)
{
  static SF_VIRTUAL_IO io = {get_length, seek, read_bytes, write_bytes, tell};

  input->bytes.settled = false;
  state->length        = byte_stream_size(&input->bytes);
  if (state->chunks.data_at) {
    state->length = chunks_present(&input->bytes, &state->chunks);
    warn_of_sizes(input, &state->chunks);
  } else if (state->length < 0) {
    state->length = INT64_C(1) << 52U;
  }

  byte_stream_seek(&input->bytes, 0);
  state->file = sf_open_virtual(&io, SFM_READ, &state->info, state);
  return state->file;
}

static bool
open_file(SoundInput* const input)
{
  State* const state = (State*)sound_input_new_state(input, sizeof(State));
  if (!state) {
    return false;
  }
  state->bytes       = &input->bytes;
  state->chunks.next = -1;
  if (input->wish.raw.sample_rate) {
    state->info.samplerate = (int)input->wish.raw.sample_rate;
    state->info.channels   = (int)input->wish.raw.n_channels;
    state->info.format =
      SF_FORMAT_RAW |
      (input->wish.raw.numbers ? input->wish.raw.numbers
                               : SF_FORMAT_FLOAT | SF_ENDIAN_LITTLE);
  }
  if (!input->wish.raw.sample_rate &&
      !chunks_find(&input->bytes, &state->chunks)) {
    memset(&state->chunks, 0, sizeof(state->chunks));
    state->chunks.next = -1;
    if (!is_known(&input->bytes)) {
      return false;
    }
    find_end(&input->bytes);
  }
  if (!open_part(input, state)) {
    return false;
  }

  input->info = state->info;
  take_length(input, state);
  if (state->info.channels <= GRUS_MAX_CHANNELS) {
    take_layout(input, state);
  }
  take_container(input, state);
  state->frames =
    (float*)malloc(sizeof(float) * N_FRAMES * (size_t)state->info.channels);
  return state->frames;
}

/// Open what follows, return false if there is nothing
static bool
open_next(SoundInput* const input, State* const state)
{
  Chunks* const c = &state->chunks;
  if (!chunks_next(&input->bytes, c)) {
    warn_of_sizes(input, c);
    c->next = -1;
    return false;
  }

  sf_close(state->file);
  state->info = (SF_INFO){0};
  if (!open_part(input, state)) {
    memset(c, 0, sizeof(*c));
    sound_input_damage(input);
    return false;
  }

  byte_stream_settle(&input->bytes);
  float* const frames = (float*)realloc(
    state->frames, sizeof(float) * N_FRAMES * (size_t)state->info.channels);
  state->frames = frames ? frames : state->frames;
  return frames;
}

/// Refuse raw floats that are none
static bool
are_sane(SoundInput* const input, const State* const state, const size_t n)
{
  const float  most     = 100.0f;
  const int    numbers  = state->info.format & SF_FORMAT_SUBMASK;
  const size_t n_floats = n * (size_t)state->info.channels;
  if (!input->wish.raw.sample_rate ||
      (numbers != SF_FORMAT_FLOAT && numbers != SF_FORMAT_DOUBLE)) {
    return true;
  }
  for (size_t i = 0U; i < n_floats; ++i) {
    if (!(fabsf(state->frames[i]) <= most)) {
      sound_input_fail(input,
                       "its raw numbers make no sound as floats; say what they "
                       "are, like --raw-format s16");
      return false;
    }
  }
  return true;
}

/// Tell where raw sound ends within a frame
static void
check_raw_end(SoundInput* const input)
{
  const int64_t size =
    (int64_t)(raw_format_size(input->info.format) * input->wish.raw.n_channels);
  const int64_t rest = input->bytes.place % size;
  char          text[128];
  if (rest) {
    snprintf(text,
             sizeof(text),
             "ends %lld bytes into a frame of %lld: are --raw-format and "
             "--raw-channels right?",
             (long long)rest,
             (long long)size);
    sound_input_warn(input, text);
  }
}

static void
next_frames(SoundInput* const input, SoundChunk* const chunk)
{
  State* const state = (State*)input->state;
  sf_count_t   n     = 0;
  do {
    n = state->file ? sf_readf_float(state->file, state->frames, N_FRAMES) : 0;
    if (n <= 0 && state->file && sf_error(state->file) != SF_ERR_NO_ERROR) {
      sound_input_damage(input);
    }
  } while (n <= 0 && open_next(input, state));

  if (n > 0 && !are_sane(input, state, (size_t)n)) {
    n = 0;
  } else if (n <= 0 && input->wish.raw.sample_rate) {
    check_raw_end(input);
  }
  chunk->frames      = state->frames;
  chunk->n           = n > 0 ? (size_t)n : 0U;
  chunk->n_channels  = (unsigned)state->info.channels;
  chunk->sample_rate = (unsigned)state->info.samplerate;
}

static void
close_file(SoundInput* const input)
{
  State* const state = (State*)input->state;
  if (state) {
    if (state->file) {
      sf_close(state->file);
    }
    free(state->frames);
    free(state);
  }
}

const SoundDecoder sound_decoder_sndfile = {open_file, next_frames, close_file};
