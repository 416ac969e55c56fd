// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#define OV_EXCLUDE_STATIC_CALLBACKS

#include "sound/decoders/byte_stream.h"
#include "sound/decoders/decoder.h"
#include "sound/decoders/ogg/ogg.h"
#include "sound/input.h"
#include "sound/layout/layout.h"

#include <sndfile.h>
#include <vorbis/codec.h>
#include <vorbis/vorbisfile.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { N_FRAMES = 4096 }; ///< At once

/// A file of one or several streams, one after the other
typedef struct {
  OggVorbis_File file;
  bool           is_open;
  int            link;   ///< The stream that was read last
  float*         frames; ///< (N_FRAMES, channels)
  size_t         capacity;
} State;

static size_t
read_bytes(void* const  bytes,
           const size_t size,
           const size_t n,
           void* const  data)
{
  return size ? byte_stream_read((ByteStream*)data, bytes, size * n) / size
              : 0U;
}

static int
seek(void* const data, const ogg_int64_t offset, const int whence)
{
  return ogg_seek((ByteStream*)data, offset, whence);
}

static long
tell(void* const data)
{
  return (long)((const ByteStream*)data)->place;
}

/// Return the length of all streams at the rate of the first, -1 if unknown
static int64_t
measure(OggVorbis_File* const file, const long rate)
{
  double n_frames = 0.0;
  for (int i = 0; i < ov_streams(file); ++i) {
    const ogg_int64_t        n    = ov_pcm_total(file, i);
    const vorbis_info* const info = ov_info(file, i);
    if (n < 0 || !info || info->rate != rate) {
      return SOUND_FRAMES_UNKNOWN;
    }
    n_frames += (double)n;
  }
  return (int64_t)n_frames;
}

static bool
open_stream(SoundInput* const input)
{
  static const ov_callbacks callbacks = {read_bytes, seek, NULL, tell};

  if (!ogg_begins_with(&input->bytes, "\x01vorbis")) {
    return false;
  }

  State* const state = (State*)calloc(1U, sizeof(State));
  if (!state) {
    sound_input_fail(input, "no memory");
    return false;
  }
  input->state = state;
  state->is_open =
    !ov_open_callbacks(&input->bytes, &state->file, NULL, 0, callbacks);
  const vorbis_info* const info =
    state->is_open ? ov_info(&state->file, -1) : NULL;
  if (!info || info->rate < 1 || info->channels < 1) {
    sound_input_fail(input, "its Vorbis header is damaged");
    return false;
  }

  input->info.samplerate = (int)info->rate;
  input->info.channels   = info->channels;
  input->info.format     = SF_FORMAT_OGG | SF_FORMAT_VORBIS;
  input->info.frames     = ov_seekable(&state->file)
                             ? measure(&state->file, info->rate)
                             : SOUND_FRAMES_UNKNOWN;
  input->n_told          = input->info.frames;
  input->layout = layout_of_ogg((uint32_t)info->channels, &input->order);
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

static void
next_frames(SoundInput* const input, SoundChunk* const chunk)
{
  State* const state    = (State*)input->state;
  float**      planes   = NULL;
  long         n        = 0;
  int          link     = state->link;
  bool         has_hole = false;
  do {
    n        = ov_read_float(&state->file, &planes, N_FRAMES, &link);
    has_hole = has_hole || n < 0;
  } while (n == OV_HOLE || n == OV_EBADLINK);
  if (has_hole && link == state->link) { // Else it is where streams meet
    sound_input_damage(input);
  }
  state->link = link;
  if (!n && !ogg_is_whole(&input->bytes)) {
    sound_input_warn(input, "is cut short: its last page is missing");
  }

  const vorbis_info* const info = ov_info(&state->file, -1);
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
    if (state->is_open) {
      ov_clear(&state->file);
    }
    free(state->frames);
    free(state);
  }
}

const SoundDecoder sound_decoder_vorbis = {
  open_stream,
  next_frames,
  close_stream,
};
