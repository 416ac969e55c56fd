// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/*
  What no library here reads is read by the program ffmpeg, where it is
  installed: it writes WAV of floats into a pipe, which libsndfile reads.
*/

#define _GNU_SOURCE // pipe2

#include "ffmpeg/media.h"
#include "ffmpeg/program.h"
#include "sound/decoders/byte_stream.h"
#include "sound/decoders/decoder.h"
#include "sound/input.h"

#include <jansson.h>
#include <sndfile.h>

#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/// A program that runs, and what it reads and says
typedef struct {
  void*      inner; ///< The state of libsndfile's decoder
  ByteStream file;  ///< The input itself
  MediaFile  media; ///< What it consists of
  Program    program;
  bool       is_piped; ///< The input's bytes are what the program writes
} State;

/// Copy a pipe, which cannot be read twice, into a file; return -1 and errno if
/// that fails
static int
spool(ByteStream* const stream)
{
  static char bytes[1 << 16];
  size_t      n  = 0U;
  const int   fd = program_temporary();
  byte_stream_settle(stream);
  while (fd >= 0 && (n = byte_stream_read(stream, bytes, sizeof(bytes)))) {
    if (write(fd, bytes, n) != (ssize_t)n) {
      close(fd);
      return -1;
    }
  }
  return fd;
}

/// Run a program, and read what it writes as the stream's bytes
static int
start_ffmpeg(SoundInput* const      input,
             State* const           state,
             const Arguments* const arguments)
{
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC)) {
    return errno;
  }

  ProgramFd fds[PROGRAM_MAX_FDS];
  size_t    n     = media_file_fds(&state->media, fds);
  fds[n].fd       = ends[1];
  fds[n].number   = STDOUT_FILENO;
  const int error = program_start(&state->program, arguments, fds, n + 1U);
  close(ends[1]);
  state->file     = input->bytes;
  state->is_piped = true;
  byte_stream_use(&input->bytes, ends[0]);
  return error;
}

/**
   Return whether the program complained of nothing.

   What it says of streams that are not read is of no interest.
*/
static bool
was_content(State* const state)
{
  const MediaFile* const media = &state->media;
  const char**           others =
    (const char**)calloc(media->n_streams + 1U, sizeof(char*));
  size_t n = 0U;
  for (size_t i = 0U; others && i < media->n_streams; ++i) {
    if (media->streams[i].kind != MEDIA_SOUND) {
      others[n++] = media->streams[i].codec;
    }
  }

  char       reason[PROGRAM_REASON];
  const bool content = program_wait(&state->program) &&
                       !program_reason(&state->program, others, reason);
  free((void*)others);
  return content;
}

/// Call libsndfile's decoder with its own state
static bool
open_inner(SoundInput* const input, State* const state)
{
  input->state    = NULL;
  const bool open = sound_decoder_sndfile.open(input);
  state->inner    = input->state;
  input->state    = state;
  return open;
}

/// Say why there is no sound
static void
explain(SoundInput* const input, const int error)
{
  sound_input_fail(
    input,
    error == ENOENT
      ? "Grus knows no such sound file; ffmpeg may, but is not installed (or "
        "run it elsewhere: ffmpeg -i IN -f wav - | grus render - OUT)"
    : error && error != EIO ? strerror(error)
                            : "neither Grus nor ffmpeg finds sound in it");
}

static const char* const raw_8_bits =
  "it is raw sound, which tells no rate; give it, mostly --raw-rate 8000 "
  "--raw-format ulaw (or alaw)";

/// Return whether ffmpeg has guessed by the name that these are samples
/// without a header, of which it makes up the rate
static bool
is_raw(const MediaFile* const media)
{
  static const char* const names[] = {"alaw", "mulaw", "s8", "u8"};
  const json_t* const      format  = json_object_get(media->json, "format");
  const char* const        name =
    json_string_value(json_object_get(format, "format_name"));
  for (size_t i = 0U; name && i < sizeof(names) / sizeof(names[0]); ++i) {
    if (!strcmp(name, names[i])) {
      return true;
    }
  }
  return name && strchr("fsu", name[0]) && name[1] >= '1' && name[1] <= '6' &&
         (strstr(name, "le") || strstr(name, "be"));
}

/**
   Return how to read samples without a header, if a name says that they are
   such, else null.

   ffmpeg would take some for any format that their bytes look like, and is not
   needed to tell.
*/
static const char*
raw_advice(const char* const path)
{
  static const char* const names[] = {".ul", ".al", ".ub", ".sb"};
  const char* const        ending  = strrchr(path, '.');
  if (!ending) {
    return NULL;
  }
  if (!strcasecmp(ending, ".raw") || !strcasecmp(ending, ".pcm")) {
    return "it is raw sound, which tells no rate; give it, like "
           "--raw-rate 48000 --raw-format s16";
  }
  for (size_t i = 0U; i < sizeof(names) / sizeof(names[0]); ++i) {
    if (!strcasecmp(ending, names[i])) {
      return raw_8_bits;
    }
  }
  return NULL;
}

static bool
choose_track(SoundInput* const input, MediaFile* const media)
{
  const size_t n = media_file_tracks(media);
  if (!input->wish.track || media_file_choose(media, input->wish.track)) {
    return true;
  }

  char reason[80];
  snprintf(reason,
           sizeof(reason),
           "there is no --track %u, it has %zu sound track%s",
           input->wish.track,
           n,
           n > 1U ? "s" : "");
  sound_input_fail(input, reason);
  return false;
}

/// Find out what the file consists of; a decoder needs sound
static bool
find_sound(SoundInput* const input, State* const state)
{
  const char* const advice = raw_advice(input->path);
  if (advice) {
    sound_input_fail(input, advice);
    return false;
  }

  const bool is_file = input->bytes.seekable && !sound_input_is_pipe(input);
  const int  fd      = is_file ? -1 : spool(&input->bytes);
  if (!is_file && fd < 0) {
    sound_input_fail(input, strerror(errno));
    return false;
  }

  MediaFile* const media = &state->media;
  const int error = media_file_open(media, is_file ? input->path : NULL, fd);
  if (error) {
    explain(input, error);
    return false;
  }
  if (media->sound == media->n_streams && media->n_streams) {
    sound_input_fail(input, "there is no sound in it");
    return false;
  }
  if (is_raw(media)) {
    sound_input_fail(input, raw_8_bits);
    return false;
  }
  return media->n_streams && choose_track(input, media);
}

/// Return the numbers of what is not compressed with loss, else 0
static int
find_numbers(const MediaFile* const media)
{
  const json_t* const sound = media->streams[media->sound].json;
  const double        raw   = media_number(sound, "bits_per_raw_sample", 0.0);
  const double        bits  = media_number(sound, "bits_per_sample", 0.0);
  const int           n     = (int)(raw > 0.0 ? raw : bits);
  return n == 16 ? SF_FORMAT_PCM_16 : n == 24 ? SF_FORMAT_PCM_24 : 0;
}

/**
   Have the program decode the sound.

   Where packets are missing it writes silence: the rest stays where it was.
*/
static void
add_arguments(const MediaFile* const media, Arguments* const arguments)
{
  arguments_ffmpeg(arguments, "error");
  arguments_list(arguments, (const char*[]){"-i", media->name, "-map", NULL});
  arguments_add(arguments, "0:%zu", media->sound);
  arguments_list(arguments,
                 (const char*[]){"-map_metadata",
                                 "-1",
                                 "-fflags",
                                 "+bitexact", // Not the name of ffmpeg itself
                                 "-af",
                                 "aresample=async=1:min_hard_comp=0.02",
                                 "-c:a",
                                 "pcm_f32le",
                                 "-f",
                                 "wav",
                                 "-protocol_whitelist",
                                 "pipe",
                                 "pipe:1",
                                 NULL});
}

static bool
open_program(SoundInput* const input)
{
  State* const state = (State*)sound_input_new_state(input, sizeof(State));
  if (!state) {
    return false;
  }
  state->media.fd = -1;
  if (!find_sound(input, state)) {
    return false;
  }

  Arguments arguments = {{NULL}, 0U, false};
  add_arguments(&state->media, &arguments);
  const int error = start_ffmpeg(input, state, &arguments);
  arguments_free(&arguments);
  if (error || !open_inner(input, state)) {
    explain(input, error);
    return false;
  }

  const int numbers  = find_numbers(&state->media);
  input->info.format = SF_FORMAT_WAV | (numbers ? numbers : SF_FORMAT_FLOAT);
  input->media       = &state->media;
  return true;
}

static void
next_frames(SoundInput* const input, SoundChunk* const chunk)
{
  State* const state = (State*)input->state;
  input->state       = state->inner;
  sound_decoder_sndfile.next(input, chunk);
  input->state = state;
  if (!chunk->n && !was_content(state)) {
    sound_input_warn(input,
                     "is damaged or cut short; all that ffmpeg can read is "
                     "there");
  }
}

static void
close_program(SoundInput* const input)
{
  State* const state = (State*)input->state;
  if (!state) {
    return;
  }

  input->media = NULL;
  input->state = state->inner;
  sound_decoder_sndfile.close(input);
  if (state->is_piped) {
    byte_stream_close(&input->bytes);
    input->bytes = state->file;
  }
  program_close(&state->program);
  media_file_close(&state->media);
  free(state);
}

const SoundDecoder sound_decoder_ffmpeg = {
  open_program,
  next_frames,
  close_program,
};
