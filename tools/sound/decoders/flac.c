// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/decoders/byte_stream.h"
#include "sound/decoders/decoder.h"
#include "sound/decoders/flac_end.h"
#include "sound/decoders/mpeg/mpeg_header.h"
#include "sound/decoders/ogg/ogg.h"
#include "sound/input.h"
#include "sound/layout/layout.h"

#include <FLAC/format.h>
#include <FLAC/ordinals.h>
#include <FLAC/stream_decoder.h>
#include <sndfile.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
  OGG_HEAD = 33,      ///< Bytes of a first page up to the name of FLAC
  MAX_GAP  = 1 << 22, ///< Frames that a damage may swallow
  GAP      = 4096,    ///< Frames of silence at once
};

/// Where we are in a FLAC stream
typedef struct {
  SoundInput*          input;
  FLAC__StreamDecoder* decoder;
  bool                 is_ogg;
  int64_t              end;     ///< Of the file
  OggChain             chain;   ///< In Ogg
  bool                 is_lost; ///< There was an error, maybe junk at the end
  unsigned             sample_rate;
  unsigned             n_channels;
  unsigned             bits;
  uint32_t             mask;      ///< Of speakers, 0 for the usual ones
  uint64_t             told;      ///< Frames of sound in this stream, or 0
  uint64_t             first;     ///< Number of the first frame
  uint64_t             n_sent;    ///< Frames of this stream
  uint64_t             n_gap;     ///< Frames of silence before `frames`
  float*               frames;    ///< (n, n_channels)
  size_t               n;         ///< In `frames`
  size_t               n_waiting; ///< Of these, not handed on yet
  size_t               capacity;  ///< Floats
} State;

static FLAC__StreamDecoderReadStatus
read_bytes(const FLAC__StreamDecoder* const decoder,
           FLAC__byte                       bytes[],
           size_t* const                    n,
           void* const                      data)
{
  (void)decoder;

  State* const state = (State*)data;
  *n                 = state->is_ogg ? ogg_chain_read(&state->chain, bytes, *n)
                                     : byte_stream_read(&state->input->bytes, bytes, *n);
  return *n ? FLAC__STREAM_DECODER_READ_STATUS_CONTINUE
            : FLAC__STREAM_DECODER_READ_STATUS_END_OF_STREAM;
}

static FLAC__StreamDecoderSeekStatus
seek(const FLAC__StreamDecoder* const decoder,
     const FLAC__uint64               place,
     void* const                      data)
{
  (void)decoder;

  byte_stream_seek(&((State*)data)->input->bytes, (int64_t)place);
  return FLAC__STREAM_DECODER_SEEK_STATUS_OK;
}

static FLAC__StreamDecoderTellStatus
tell(const FLAC__StreamDecoder* const decoder,
     FLAC__uint64* const              place,
     void* const                      data)
{
  (void)decoder;

  *place = (FLAC__uint64)((const State*)data)->input->bytes.place;
  return FLAC__STREAM_DECODER_TELL_STATUS_OK;
}

static FLAC__StreamDecoderLengthStatus
get_length(const FLAC__StreamDecoder* const decoder,
           FLAC__uint64* const              length,
           void* const                      data)
{
  (void)decoder;

  const int64_t size = byte_stream_size(&((const State*)data)->input->bytes);
  *length            = size < 0 ? 0U : (FLAC__uint64)size;
  return size < 0 ? FLAC__STREAM_DECODER_LENGTH_STATUS_UNSUPPORTED
                  : FLAC__STREAM_DECODER_LENGTH_STATUS_OK;
}

static FLAC__bool
is_end(const FLAC__StreamDecoder* const decoder, void* const data)
{
  (void)decoder;

  const State* const state  = (const State*)data;
  ByteStream* const  stream = &state->input->bytes;
  uint8_t            byte   = 0U;
  return (state->is_ogg && state->chain.next == stream->place) ||
         !byte_stream_peek(stream, stream->place, &byte, 1U);
}

static bool
make_room(State* const state, const size_t n_floats)
{
  if (state->capacity < n_floats) {
    float* const frames =
      (float*)realloc(state->frames, n_floats * sizeof(float));
    if (!frames) {
      return false;
    }
    state->frames   = frames;
    state->capacity = n_floats;
  }
  return true;
}

/// Note a damage before a frame, and how much sound it has swallowed
static void
check_number(State* const state, const FLAC__FrameHeader* const header)
{
  const uint64_t at  = header->number.sample_number;
  const uint64_t end = at + header->blocksize;
  if (!state->n_sent) {
    state->first = at; // Not 0 in what was cut out of a longer stream
  }

  const uint64_t expected = state->first + state->n_sent;
  const uint64_t gap      = at > expected ? at - expected : 0U;
  const bool     is_gap =
    gap && gap <= MAX_GAP && (!state->told || end <= state->told);
  if (state->is_lost || is_gap) {
    sound_input_damage(state->input);
  }
  state->n_gap   = is_gap ? gap : 0U;
  state->is_lost = false;
}

static FLAC__StreamDecoderWriteStatus
take_frame(const FLAC__StreamDecoder* const decoder,
           const FLAC__Frame* const         frame,
           const FLAC__int32* const         samples[],
           void* const                      data)
{
  (void)decoder;

  State* const   state      = (State*)data;
  const unsigned n_channels = frame->header.channels;
  const size_t   n          = frame->header.blocksize;
  if (!make_room(state, n * n_channels)) {
    return FLAC__STREAM_DECODER_WRITE_STATUS_ABORT;
  }

  const float scale =
    1.0f / (float)(UINT64_C(1) << (frame->header.bits_per_sample - 1U));
  for (unsigned c = 0U; c < n_channels; ++c) {
    for (size_t i = 0U; i < n; ++i) {
      state->frames[(i * n_channels) + c] = scale * (float)samples[c][i];
    }
  }
  check_number(state, &frame->header);
  state->n           = n;
  state->n_channels  = n_channels;
  state->sample_rate = frame->header.sample_rate;
  return FLAC__STREAM_DECODER_WRITE_STATUS_CONTINUE;
}

/// Take the speakers from the comment that tells them, if it is there
static void
take_mask(State* const                                    state,
          const FLAC__StreamMetadata_VorbisComment* const comments)
{
  static const char name[] = "WAVEFORMATEXTENSIBLE_CHANNEL_MASK=";
  const size_t      n_name = sizeof(name) - 1U;
  for (FLAC__uint32 i = 0U; i < comments->num_comments; ++i) {
    // libFLAC puts a zero behind each
    const char* const text = (const char*)comments->comments[i].entry;
    if (comments->comments[i].length > n_name &&
        !strncasecmp(text, name, n_name)) {
      state->mask = (uint32_t)strtoul(text + n_name, NULL, 0);
    }
  }
}

static void
take_metadata(const FLAC__StreamDecoder* const  decoder,
              const FLAC__StreamMetadata* const metadata,
              void* const                       data)
{
  (void)decoder;

  State* const                                 state = (State*)data;
  const FLAC__StreamMetadata_StreamInfo* const info =
    &metadata->data.stream_info;
  if (metadata->type == FLAC__METADATA_TYPE_VORBIS_COMMENT) {
    take_mask(state, &metadata->data.vorbis_comment);
  }
  if (metadata->type == FLAC__METADATA_TYPE_STREAMINFO) {
    state->sample_rate = info->sample_rate;
    state->n_channels  = info->channels;
    state->bits        = info->bits_per_sample;
    state->told        = state->is_ogg ? info->total_samples : state->told;
  }
}

static void
take_error(const FLAC__StreamDecoder* const     decoder,
           const FLAC__StreamDecoderErrorStatus status,
           void* const                          data)
{
  (void)decoder;
  (void)status;

  ((State*)data)->is_lost = true;
}

/**
   Read the length that the header tells, and keep it from the decoder, which
   would stop there.

   It is 36 bits at the end of STREAMINFO's byte 13.
*/
static void
take_length(State* const state)
{
  ByteStream* const stream   = &state->input->bytes;
  uint8_t           head[26] = {0};
  uint8_t* const    bytes    = head + 21;
  const size_t      n        = byte_stream_peek(stream, 0, head, sizeof(head));
  state->told                = (uint64_t)(bytes[0] & 0x0FU) << 32U |
                (uint64_t)bytes[1] << 24U | (uint64_t)bytes[2] << 16U |
                (uint64_t)bytes[3] << 8U | bytes[4];
  bytes[0] &= 0xF0U;
  memset(bytes + 1, 0, 4U);
  byte_stream_window(stream, stream->first + (int64_t)n, state->end);
  byte_stream_put_head(stream, head, n);
}

/// Return whether the first page of Ogg FLAC begins here
static bool
is_first_page(const uint8_t head[OGG_HEAD])
{
  static const uint8_t name[] = {0x7F, 'F', 'L', 'A', 'C'};
  return !memcmp(head, "OggS", 4U) &&
         !memcmp(head + OGG_HEAD - sizeof(name), name, sizeof(name));
}

/// Begin to read a stream at a place; in Ogg at the link
static bool
start_stream(State* const state, const int64_t at)
{
  ByteStream* const stream = &state->input->bytes;
  if (!state->is_ogg) {
    byte_stream_window(stream, byte_stream_origin(stream, at), state->end);
  }
  state->decoder = FLAC__stream_decoder_new();
  if (!state->decoder) {
    return false;
  }

  FLAC__stream_decoder_set_metadata_respond(state->decoder,
                                            FLAC__METADATA_TYPE_VORBIS_COMMENT);
  state->is_lost = false;
  state->n_sent  = 0U;
  if (!state->is_ogg) {
    take_length(state);
  }
  return (state->is_ogg ? FLAC__stream_decoder_init_ogg_stream
                        : FLAC__stream_decoder_init_stream)(state->decoder,
                                                            read_bytes,
                                                            seek,
                                                            tell,
                                                            get_length,
                                                            is_end,
                                                            take_frame,
                                                            take_metadata,
                                                            take_error,
                                                            state) ==
           FLAC__STREAM_DECODER_INIT_STATUS_OK &&
         FLAC__stream_decoder_process_until_end_of_metadata(state->decoder);
}

static void
stop(State* const state)
{
  if (state->decoder) {
    FLAC__stream_decoder_delete(state->decoder);
    state->decoder = NULL;
  }
}

/// Return where FLAC begins behind tags, or -1
static int64_t
find_stream(ByteStream* const stream, bool* const is_ogg)
{
  uint8_t       head[OGG_HEAD] = {0};
  const int64_t at             = mpeg_skip_tags(stream);
  byte_stream_peek(stream, at, head, sizeof(head));
  *is_ogg = is_first_page(head);
  return *is_ogg || !memcmp(head, "fLaC", 4U) ? at : -1;
}

static int
format_of(const State* const state)
{
  const int container = state->is_ogg ? SF_FORMAT_OGG : SF_FORMAT_FLAC;
  return container | (state->bits <= 8U    ? SF_FORMAT_PCM_S8
                      : state->bits <= 16U ? SF_FORMAT_PCM_16
                      : state->bits <= 24U ? SF_FORMAT_PCM_24
                                           : SF_FORMAT_PCM_32);
}

/// Return the place behind the last frame that was read
static int64_t
place_of(const State* const state)
{
  FLAC__uint64 place = 0U;
  return FLAC__stream_decoder_get_decode_position(state->decoder, &place)
           ? (int64_t)place
           : -1;
}

/// Warn of a stream that ends before what its header tells
static void
check_end(const State* const state)
{
  char text[128];
  if (state->told && state->n_sent < state->told) {
    snprintf(text,
             sizeof(text),
             "is cut short after %llu of %llu frames",
             (unsigned long long)state->n_sent,
             (unsigned long long)state->told);
    sound_input_warn(state->input, text);
  } else if (state->is_ogg && !ogg_is_whole(&state->input->bytes)) {
    sound_input_warn(state->input, "is cut short: its last page is missing");
  }
}

/// Begin with the next stream behind the last frame, if there is one
static bool
start_next(State* const state, bool* const is_next)
{
  char          name[4] = {0};
  ByteStream*   stream  = &state->input->bytes;
  const int64_t place   = state->is_ogg ? 0 : place_of(state);
  if (state->is_ogg && FLAC__stream_decoder_get_state(state->decoder) ==
                         FLAC__STREAM_DECODER_END_OF_STREAM) {
    check_end(state);
    *is_next = ogg_chain_next(&state->chain);
  } else if (place > 0 && byte_stream_peek(stream, place, name, 4U) == 4U &&
             !memcmp(name, "fLaC", 4U)) {
    check_end(state);
    *is_next = true;
  }
  if (*is_next) {
    stop(state);
  }
  return !*is_next || start_stream(state, place);
}

/// Return whether the length in the header is that of the file
static bool
is_told_right(const State* const state)
{
  ByteStream* const stream = &state->input->bytes;
  return byte_stream_size(stream) >= 0 &&
         (state->is_ogg ? ogg_chain_is_single(&state->chain) &&
                            ogg_last_granule(stream) == (int64_t)state->told
                        : flac_end(stream) == (int64_t)state->told);
}

static bool
open_stream(SoundInput* const input)
{
  bool          is_ogg = false;
  const int64_t at     = find_stream(&input->bytes, &is_ogg);
  State* const  state =
    at >= 0 ? (State*)sound_input_new_state(input, sizeof(State)) : NULL;
  if (!state) {
    return false;
  }

  state->input  = input;
  state->is_ogg = is_ogg;
  state->end    = input->bytes.end;
  if (is_ogg) {
    ogg_chain_start(&state->chain, &input->bytes, at);
  }
  if (!start_stream(state, at) || !state->n_channels) {
    sound_input_fail(input, "its FLAC header is damaged");
    return false;
  }

  input->info.samplerate = (int)state->sample_rate;
  input->info.channels   = (int)state->n_channels;
  input->info.format     = format_of(state);
  input->order           = channel_order_same(state->n_channels);
  input->layout          = layout_of_mask(
    state->n_channels,
    state->mask ? state->mask : layout_usual_mask(state->n_channels));
  input->info.frames = state->told && is_told_right(state)
                         ? (sf_count_t)state->told
                         : SOUND_FRAMES_UNKNOWN;
  return true;
}

/// Read the next frame, maybe of another stream; return false at the end
static bool
read_frame(State* const state)
{
  state->n = 0U;
  while (!state->n) {
    bool is_next = false;
    if (state->n_sent && !start_next(state, &is_next)) {
      return false;
    }
    if (FLAC__stream_decoder_get_state(state->decoder) >=
          FLAC__STREAM_DECODER_END_OF_STREAM ||
        !FLAC__stream_decoder_process_single(state->decoder)) {
      check_end(state);
      return false;
    }
  }
  return true;
}

static void
next_frame(SoundInput* const input, SoundChunk* const chunk)
{
  static const float silence[GAP * FLAC__MAX_CHANNELS] = {0.0f};

  State* const state = (State*)input->state;
  if (!state->n_gap && !state->n_waiting && read_frame(state)) {
    state->n_waiting = state->n;
  }

  const bool   in_gap = state->n_gap;
  const size_t n_gap  = state->n_gap < GAP ? (size_t)state->n_gap : GAP;
  chunk->frames       = in_gap ? silence : state->frames;
  chunk->n            = in_gap ? n_gap : state->n_waiting;
  chunk->sample_rate  = state->sample_rate;
  chunk->n_channels   = state->n_channels;
  state->n_sent += chunk->n;
  if (in_gap) {
    state->n_gap -= n_gap;
  } else {
    state->n_waiting = 0U;
  }
}

static void
close_stream(SoundInput* const input)
{
  State* const state = (State*)input->state;
  if (state) {
    stop(state);
    free(state->frames);
    free(state);
  }
}

const SoundDecoder sound_decoder_flac = {open_stream, next_frame, close_stream};
