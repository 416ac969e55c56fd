// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/input.h"

#include "cli/say.h"
#include "sound/decoders/byte_stream.h"
#include "sound/decoders/conform.h"
#include "sound/decoders/decoder.h"
#include "sound/decoders/foreign.h"

#include <sndfile.h>

#include <sys/stat.h>
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SKIP_FRAMES = 4096 };

/// Return what to do about a file that cannot be opened
static const char*
advice_for(const char* const path, const int error)
{
  struct stat info;
  return error == EACCES  ? "; have its owner let you read it and its folder"
         : error == ELOOP ? "; links lead in a circle, name the file itself"
         : error == ENOENT && !lstat(path, &info)
           ? "; it is a link to a file that is not there"
         : error == ENOENT || error == ENOTDIR ? "; is the name right?"
                                               : "";
}

static int
say_not_open(const char* const path)
{
  const int error = errno;
  return say_error(EXIT_FAILED,
                   "cannot open \"%s\": %s%s",
                   path,
                   strerror(error),
                   advice_for(path, error));
}

static int
check_file(const char* const path)
{
  struct stat info;
  if (!path[0]) {
    return say_error(EXIT_FAILED, "IN is an empty name; is a variable unset?");
  }
  if (stat(path, &info)) {
    return say_not_open(path);
  }
  if (S_ISDIR(info.st_mode)) {
    return say_error(EXIT_FAILED,
                     "\"%s\" is a folder, not a sound file; name the files in "
                     "it one by one",
                     path);
  }
  if (S_ISREG(info.st_mode) && !info.st_size) {
    return say_error(EXIT_FAILED,
                     "\"%s\" is empty: it was never written, or only its name "
                     "was copied",
                     path);
  }

  return EXIT_OK;
}

bool
sound_input_is_pipe(const SoundInput* const input)
{
  return !strcmp(input->path, "-");
}

/// Wait for whoever is to write into a named pipe, and say so where that takes
/// a while
static void
wait_for_writer(const SoundInput* const input)
{
  const int     patience = 2000; // Milliseconds
  struct pollfd writer   = {input->bytes.fd, POLLIN, 0};
  const int     flags    = fcntl(writer.fd, F_GETFL);
  if (flags < 0 || !(flags & O_NONBLOCK) || sound_input_is_pipe(input)) {
    return;
  }

  if (!poll(&writer, 1U, patience)) {
    say_error(
      EXIT_OK, "waiting for a program that writes into \"%s\"", input->path);
    poll(&writer, 1U, -1);
  }
  fcntl(writer.fd, F_SETFL, flags & ~O_NONBLOCK);
}

const void*
sound_input_head(const SoundInput* const input, size_t* const size)
{
  const bool is_head = !input->bytes.seekable && !input->bytes.kept_at;
  *size              = is_head ? input->bytes.n_kept : 0U;
  return is_head ? input->bytes.kept : NULL;
}

bool
sound_input_is_open(const SoundInput* const input)
{
  return input->decoder;
}

/// The ways to read of this program, those that know best what they can read
/// first
static const SoundDecoder* const decoders[] = {
  &sound_decoder_flac,
  &sound_decoder_vorbis,
  &sound_decoder_opus,
  &sound_decoder_mpg123,
  &sound_decoder_sndfile,
};

enum { N_DECODERS = sizeof(decoders) / sizeof(decoders[0]) };

/// Try one way to read
static bool
try_decoder(SoundInput* const input, const SoundDecoder* const decoder)
{
  if (input->fault[0] && decoder != &sound_decoder_ffmpeg) {
    return false; // Another one knew what this is, and that it is damaged
  }

  byte_stream_rewind(&input->bytes);
  input->state   = NULL;
  input->decoder = decoder;
  if (decoder->open(input) && input->info.channels > 0 &&
      input->info.samplerate > 0) {
    input->fault[0] = '\0';
    return true;
  }

  decoder->close(input);
  input->decoder    = NULL;
  input->warning[0] = '\0';
  input->n_damages  = 0U;
  input->n_told     = -1;
  return false;
}

static int
say_unreadable(const SoundInput* const input)
{
  return say_error(EXIT_FAILED,
                   "cannot read \"%s\": %s",
                   input->path,
                   input->bytes.error ? strerror(input->bytes.error)
                   : input->fault[0]  ? input->fault
                                      : "it is no sound file that Grus knows");
}

/// Try what this program reads itself
static bool
try_own(SoundInput* const input)
{
  for (size_t i = 0U; i < N_DECODERS; ++i) {
    if (try_decoder(input, decoders[i])) {
      return true;
    }
  }
  return false;
}

/// Try all ways to read, and find out what the file is where none reads it
static bool
try_all(SoundInput* const input)
{
  char kind[160] = "";
  foreign_explain(&input->bytes, kind, sizeof(kind));
  if (try_own(input)) {
    return true;
  }

  const bool is_known = input->fault[0];
  if (!is_known && foreign_is_locked(&input->bytes)) {
    sound_input_fail(input,
                     "it is locked by the shop that sold it (DRM); only its "
                     "own player can read it");
    return false;
  }
  if (try_decoder(input, &sound_decoder_ffmpeg)) {
    return true;
  }
  if (!is_known && kind[0]) {
    snprintf(input->fault, sizeof(input->fault), "%s", kind);
  }
  return false;
}

/// Try what can fulfil the wish: files of several tracks are none of ours
static bool
try_wished(SoundInput* const input)
{
  return input->wish.raw.sample_rate
           ? try_decoder(input, &sound_decoder_sndfile)
         : input->wish.track > 1U ? try_decoder(input, &sound_decoder_ffmpeg)
                                  : try_all(input);
}

int
sound_input_open(SoundInput* const           input,
                 const char* const           path,
                 const SoundInputWish* const wish)
{
  memset(input, 0, sizeof(*input));
  input->path   = path;
  input->wish   = *wish;
  input->n_told = -1;
  if (!sound_input_is_pipe(input) && check_file(path)) {
    return EXIT_FAILED;
  }
  if (!byte_stream_open(&input->bytes, path)) {
    return say_not_open(path);
  }
  wait_for_writer(input);

  if (!try_wished(input)) {
    say_unreadable(input);
    sound_input_close(input);
    return EXIT_FAILED;
  }

  byte_stream_settle(&input->bytes);
  input->layout.n_channels   = (uint32_t)input->info.channels;
  input->conform.sample_rate = (unsigned)input->info.samplerate;
  input->conform.n_channels  = (unsigned)input->info.channels;
  return EXIT_OK;
}

/// Have the decoder find more frames, which may take several steps
static bool
find_frames(SoundInput* const input)
{
  ConformResult result = CONFORM_DONE;
  do {
    if (!input->found.n && !input->ended) {
      input->decoder->next(input, &input->found);
      input->ended = !input->found.n;
    }
    result = conform_run(&input->conform, &input->found, &input->chunk);
    if (result == CONFORM_FAILED) {
      sound_input_fail(input,
                       "the sound changes its channels or rate in the middle; "
                       "cut it there");
      input->ended   = true;
      input->chunk.n = 0U;
      return false;
    }
    if (result == CONFORM_DONE) {
      input->found.n = 0U;
    }
  } while (!input->chunk.n && (!input->ended || result == CONFORM_TAIL));
  return input->chunk.n;
}

size_t
sound_input_read(SoundInput* const input, float* const frames, const size_t n)
{
  const size_t width  = (size_t)input->info.channels;
  size_t       n_done = 0U;
  while (n_done < n && (input->chunk.n || find_frames(input))) {
    const size_t left  = n - n_done;
    const size_t n_new = left < input->chunk.n ? left : input->chunk.n;
    memcpy(frames + (n_done * width),
           input->chunk.frames,
           n_new * width * sizeof(float));
    input->chunk.frames += n_new * width;
    input->chunk.n -= n_new;
    input->n_read += n_new;
    n_done += n_new;
  }

  channel_order_apply(&input->order, frames, n_done);
  return n_done;
}

void
sound_input_skip(SoundInput* const input, const uint64_t n)
{
  const size_t width  = (size_t)input->info.channels * sizeof(float);
  float* const frames = (float*)malloc(SKIP_FRAMES * width);

  uint64_t left = frames ? n : 0U;
  while (left) {
    const size_t wanted = left < SKIP_FRAMES ? (size_t)left : SKIP_FRAMES;
    const size_t n_read = sound_input_read(input, frames, wanted);
    left                = n_read < wanted ? 0U : left - n_read;
  }
  free(frames);
}

/// Warn of the one thing that matters most
static void
warn(const SoundInput* const input)
{
  if (input->n_damages) {
    say_error(EXIT_OK,
              "warning: \"%s\" is damaged %s %.1f s; all that can be read is "
              "there",
              input->path,
              input->n_damages > 1U ? "in several places, first at" : "at",
              input->damage_seconds);
  } else if (input->warning[0]) {
    say_error(EXIT_OK, "warning: \"%s\" %s", input->path, input->warning);
  } else if (input->ended && input->n_told >= 0 &&
             input->n_read < (uint64_t)input->n_told) {
    say_error(EXIT_OK,
              "warning: \"%s\" is cut short after %llu of %lld frames",
              input->path,
              (unsigned long long)input->n_read,
              (long long)input->n_told);
  }
}

int
sound_input_finish(const SoundInput* const input)
{
  if (input->bytes.error) {
    return say_error(EXIT_FAILED,
                     "cannot read \"%s\": %s",
                     input->path,
                     strerror(input->bytes.error));
  }
  if (input->fault[0]) {
    return say_error(
      EXIT_FAILED, "cannot read \"%s\": %s", input->path, input->fault);
  }
  if (input->ended && !input->n_read) {
    return say_error(EXIT_FAILED, "there is no sound in \"%s\"", input->path);
  }

  warn(input);
  return EXIT_OK;
}

void*
sound_input_new_state(SoundInput* const input, const size_t size)
{
  input->state = calloc(1U, size);
  if (!input->state) {
    sound_input_fail(input, "no memory");
  }
  return input->state;
}

void
sound_input_fail(SoundInput* const input, const char* const reason)
{
  if (!input->fault[0]) {
    snprintf(input->fault, sizeof(input->fault), "%s", reason);
  }
}

void
sound_input_warn(SoundInput* const input, const char* const text)
{
  if (!input->warning[0]) {
    snprintf(input->warning, sizeof(input->warning), "%s", text);
  }
}

void
sound_input_damage(SoundInput* const input)
{
  if (!input->n_damages && input->info.samplerate > 0) {
    input->damage_seconds = (double)input->n_read / input->info.samplerate;
  }
  ++input->n_damages;
}

void
sound_input_close(SoundInput* const input)
{
  if (input->decoder) {
    input->decoder->close(input);
  }
  conform_clear(&input->conform);
  byte_stream_close(&input->bytes);
  memset(input, 0, sizeof(*input));
}
