// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/decoders/byte_stream.h"
#include "sound/decoders/decoder.h"
#include "sound/decoders/ogg/ogg.h"
#include "sound/input.h"

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
  N_HEADERS    = 2, ///< Packets before the sound
};

/// A file of one or several streams, one after the other
typedef struct {
  OggChain     chain;
  OggOpusFile* file;
  float        frames[MAX_FRAMES * MAX_CHANNELS];
} State;

static int
read_bytes(void* const data, unsigned char* const bytes, const int n)
{
  OggChain* const chain  = (OggChain*)data;
  const size_t    n_read = ogg_chain_read(chain, bytes, (size_t)n);
  return n_read || !chain->stream->error ? (int)n_read : -1;
}

static int
seek(void* const data, const opus_int64 offset, const int whence)
{
  return ogg_seek(((OggChain*)data)->stream, offset, whence);
}

static opus_int64
tell(void* const data)
{
  return ((const OggChain*)data)->stream->place;
}

/// Open the stream that the link holds
static bool
open_link(SoundInput* const input, State* const state)
{
  const bool        whole     = ogg_begins_whole(&input->bytes, N_HEADERS);
  OpusFileCallbacks callbacks = {read_bytes, seek, tell, NULL};
  if (byte_stream_size(state->chain.stream) < 0) {
    callbacks.seek = NULL;
    callbacks.tell = NULL;
  }
  state->file = op_open_callbacks(&state->chain, &callbacks, NULL, 0U, NULL);
  if (state->file && !whole) {
    sound_input_damage(input);
  }
  return state->file;
}

static void
close_link(State* const state)
{
  op_free(state->file);
  state->file = NULL;
}

static bool
open_stream(SoundInput* const input)
{
  if (!ogg_begins_with(&input->bytes, "OpusHead")) {
    return false;
  }

  State* const state = (State*)sound_input_new_state(input, sizeof(State));
  if (!state) {
    return false;
  }
  ogg_chain_start(&state->chain, &input->bytes, 0);
  if (!open_link(input, state)) {
    sound_input_fail(input, "its Opus header is damaged");
    return false;
  }

  const ogg_int64_t n_frames =
    ogg_chain_is_single(&state->chain) ? op_pcm_total(state->file, -1) : -1;
  ogg_describe(
    input, RATE, op_channel_count(state->file, -1), SF_FORMAT_OPUS, n_frames);
  return true;
}

/// Read frames of a link, return how many; none at its end
static int
read_link(SoundInput* const input, State* const state)
{
  const int room = MAX_FRAMES * MAX_CHANNELS;
  int       n    = 0;
  while ((n = op_read_float(state->file, state->frames, room, NULL)) < 0) {
    sound_input_damage(input);
    if (n != OP_HOLE && n != OP_EBADPACKET && n != OP_EBADLINK) {
      return 0;
    }
  }
  if (!n) {
    ogg_check_end(input);
  }
  return n;
}

/// Open the next link, return false if there is none
static bool
open_next(SoundInput* const input, State* const state)
{
  close_link(state);
  while (ogg_chain_next(&state->chain)) {
    if (ogg_begins_with(&input->bytes, "OpusHead") && open_link(input, state)) {
      return true;
    }
    sound_input_damage(input);
  }
  return false;
}

static void
next_frames(SoundInput* const input, SoundChunk* const chunk)
{
  State* const state = (State*)input->state;
  int          n     = 0;
  do {
    n = state->file ? read_link(input, state) : 0;
  } while (!n && open_next(input, state));

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
    close_link(state);
    free(state);
  }
}

const SoundDecoder sound_decoder_opus = {
  open_stream,
  next_frames,
  close_stream,
};
