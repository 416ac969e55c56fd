// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/decoders/byte_stream.h"
#include "sound/decoders/decoder.h"
#include "sound/decoders/ogg/ogg.h"
#include "sound/input.h"
#include "sound/layout/layout.h"

#include <opus/opusfile.h>
#include <sndfile.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum {
  RATE         = 48000, ///< That all of Opus is decoded at
  MAX_FRAMES   = 5760,  ///< Of one packet: 120 ms
  MAX_CHANNELS = 255,
};

/// A file of one or several streams, one after the other
typedef struct {
  OggOpusFile* file;
  int          link; ///< The stream that was read last
  float        frames[MAX_FRAMES * MAX_CHANNELS];
} State;

static int
read_bytes(void* const data, unsigned char* const bytes, const int n)
{
  ByteStream* const stream = (ByteStream*)data;
  const size_t      n_read = byte_stream_read(stream, bytes, (size_t)n);
  return n_read || !stream->error ? (int)n_read : -1;
}

static int
seek(void* const data, const opus_int64 offset, const int whence)
{
  return ogg_seek((ByteStream*)data, offset, whence);
}

static opus_int64
tell(void* const data)
{
  return ((const ByteStream*)data)->place;
}

static bool
open_stream(SoundInput* const input)
{
  OpusFileCallbacks callbacks = {read_bytes, seek, tell, NULL};

  if (!ogg_begins_with(&input->bytes, "OpusHead")) {
    return false;
  }
  if (byte_stream_size(&input->bytes) < 0) {
    callbacks.seek = NULL;
    callbacks.tell = NULL;
  }

  State* const state = (State*)calloc(1U, sizeof(State));
  if (!state) {
    sound_input_fail(input, "no memory");
    return false;
  }
  input->state = state;
  state->file  = op_open_callbacks(&input->bytes, &callbacks, NULL, 0U, NULL);
  if (!state->file) {
    sound_input_fail(input, "its Opus header is damaged");
    return false;
  }

  const ogg_int64_t n_frames = op_pcm_total(state->file, -1);
  const int         channels = op_channel_count(state->file, -1);
  input->info.samplerate     = RATE;
  input->info.channels       = channels;
  input->info.format         = SF_FORMAT_OGG | SF_FORMAT_OPUS;
  input->info.frames         = n_frames >= 0 ? n_frames : SOUND_FRAMES_UNKNOWN;
  input->n_told              = input->info.frames;
  input->layout              = layout_of_ogg((uint32_t)channels, &input->order);
  return true;
}

static void
next_frames(SoundInput* const input, SoundChunk* const chunk)
{
  State* const state    = (State*)input->state;
  const int    room     = MAX_FRAMES * MAX_CHANNELS;
  int          n        = 0;
  int          link     = state->link;
  bool         has_hole = false;
  do {
    n        = op_read_float(state->file, state->frames, room, &link);
    has_hole = has_hole || n < 0;
  } while (n == OP_HOLE || n == OP_EBADPACKET || n == OP_EBADLINK);
  if (has_hole && link == state->link) { // Else it is where streams meet
    sound_input_damage(input);
  }
  state->link = link;
  if (!n && !ogg_is_whole(&input->bytes)) {
    sound_input_warn(input, "is cut short: its last page is missing");
  }

  chunk->n           = n > 0 ? (size_t)n : 0U;
  chunk->frames      = state->frames;
  chunk->sample_rate = RATE;
  chunk->n_channels  = n > 0 ? (unsigned)op_channel_count(state->file, -1) : 0U;
}

static void
close_stream(SoundInput* const input)
{
  State* const state = (State*)input->state;
  if (state) {
    op_free(state->file);
    free(state);
  }
}

const SoundDecoder sound_decoder_opus = {
  open_stream,
  next_frames,
  close_stream,
};
