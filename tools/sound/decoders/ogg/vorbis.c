// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#define OV_EXCLUDE_STATIC_CALLBACKS

#include "sound/decoders/byte_stream.h"
#include "sound/decoders/decoder.h"
#include "sound/decoders/ogg/ogg.h"
#include "sound/input.h"

#include <sndfile.h>
#include <vorbis/codec.h>
#include <vorbis/vorbisfile.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum {
  N_FRAMES  = 4096, ///< At once
  N_HEADERS = 3,    ///< Packets before the sound
};

/// A file of one or several streams, one after the other
typedef struct {
  OggChain       chain;
  OggVorbis_File file;
  bool           is_open;
  float*         frames; ///< (N_FRAMES, channels)
  size_t         capacity;
} State;

static size_t
read_bytes(void* const  bytes,
           const size_t size,
           const size_t n,
           void* const  data)
{
  uint8_t* const  to    = (uint8_t*)bytes;
  OggChain* const chain = (OggChain*)data;
  return size ? ogg_chain_read(chain, to, size * n) / size : 0U;
}

static int
seek(void* const data, const ogg_int64_t offset, const int whence)
{
  return ogg_seek(((OggChain*)data)->stream, offset, whence);
}

static long
tell(void* const data)
{
  return (long)((const OggChain*)data)->stream->place;
}

/// Open the stream that the link holds
static bool
open_link(SoundInput* const input, State* const state)
{
  static const ov_callbacks callbacks = {read_bytes, seek, NULL, tell};

  // In a pipe the library tells of it
  const bool whole = byte_stream_size(&input->bytes) < 0 ||
                     ogg_begins_whole(&input->bytes, N_HEADERS);

  state->is_open =
    !ov_open_callbacks(&state->chain, &state->file, NULL, 0, callbacks);
  const vorbis_info* const info =
    state->is_open ? ov_info(&state->file, -1) : NULL;
  if (info && !whole) {
    sound_input_damage(input);
  }
  return info && info->rate > 0 && info->channels > 0;
}

static void
close_link(State* const state)
{
  if (state->is_open) {
    ov_clear(&state->file);
    state->is_open = false;
  }
}

static bool
open_stream(SoundInput* const input)
{
  if (!ogg_begins_with(&input->bytes, "\x01vorbis")) {
    return false;
  }

  State* const state = (State*)sound_input_new_state(input, sizeof(State));
  if (!state) {
    return false;
  }
  ogg_chain_start(&state->chain, &input->bytes, 0);
  if (!open_link(input, state)) {
    sound_input_fail(input, "its Vorbis header is damaged");
    return false;
  }

  const vorbis_info* const info = ov_info(&state->file, -1);
  const bool               is_known =
    ov_seekable(&state->file) && ogg_chain_is_single(&state->chain);
  const ogg_int64_t n_frames = is_known ? ov_pcm_total(&state->file, -1) : -1;
  ogg_describe(
    input, (int)info->rate, info->channels, SF_FORMAT_VORBIS, n_frames);
  return true;
}

/// Take over planes as interleaved frames
static bool
interleave(State* const        state,
           float* const* const planes,
           const size_t        n,
           const size_t        n_channels)
{
  if (state->capacity < n_channels * N_FRAMES) {
    free(state->frames);
    state->capacity = n_channels * N_FRAMES;
    state->frames   = (float*)malloc(state->capacity * sizeof(float));
  }
  if (!state->frames) {
    state->capacity = 0U;
    return false;
  }

  for (size_t c = 0U; c < n_channels; ++c) {
    for (size_t i = 0U; i < n; ++i) {
      state->frames[(i * n_channels) + c] = planes[c][i];
    }
  }
  return true;
}

/// Read frames of a link, return how many; none at its end
static long
read_link(SoundInput* const input, State* const state, float*** const planes)
{
  long n    = 0;
  int  link = 0;
  while ((n = ov_read_float(&state->file, planes, N_FRAMES, &link)) < 0) {
    sound_input_damage(input);
    if (n != OV_HOLE && n != OV_EBADLINK) {
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
    if (ogg_begins_with(&input->bytes, "\x01vorbis") &&
        open_link(input, state)) {
      return true;
    }
    close_link(state);
    sound_input_damage(input);
  }
  return false;
}

static void
next_frames(SoundInput* const input, SoundChunk* const chunk)
{
  State* const state  = (State*)input->state;
  float**      planes = NULL;
  long         n      = 0;
  do {
    n = state->is_open ? read_link(input, state, &planes) : 0;
  } while (!n && open_next(input, state));

  const vorbis_info* const info = n > 0 ? ov_info(&state->file, -1) : NULL;
  chunk->n                      = 0U;
  if (n > 0 && info &&
      interleave(state, planes, (size_t)n, (size_t)info->channels)) {
    chunk->n           = (size_t)n;
    chunk->frames      = state->frames;
    chunk->sample_rate = (unsigned)info->rate;
    chunk->n_channels  = (unsigned)info->channels;
  }
}

static void
close_stream(SoundInput* const input)
{
  State* const state = (State*)input->state;
  if (state) {
    close_link(state);
    free(state->frames);
    free(state);
  }
}

const SoundDecoder sound_decoder_vorbis = {
  open_stream,
  next_frames,
  close_stream,
};
