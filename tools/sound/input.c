// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/input.h"

#include "cli/say.h"
#include "sound/decoder.h"

#include <sndfile.h>

#include <sys/stat.h>

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SKIP_FRAMES = 4096 };

static int
check_file(const char* const path)
{
  struct stat info;
  if (stat(path, &info)) {
    return say_error(
      EXIT_FAILED, "cannot open \"%s\": %s", path, strerror(errno));
  }
  if (S_ISDIR(info.st_mode)) {
    return say_error(EXIT_FAILED, "\"%s\" is a folder, not a sound file", path);
  }
  if (S_ISREG(info.st_mode) && !info.st_size) {
    return say_error(EXIT_FAILED, "\"%s\" is empty", path);
  }

  return EXIT_OK;
}

bool
sound_input_is_pipe(const SoundInput* const input)
{
  return !strcmp(input->path, "-");
}

bool
sound_input_is_open(const SoundInput* const input)
{
  return input->decoder;
}

int
sound_input_open(SoundInput* const input,
                 const char* const path,
                 const RawFormat   raw)
{
  memset(input, 0, sizeof(*input));
  input->path = path;
  if (!sound_input_is_pipe(input) && check_file(path)) {
    return EXIT_FAILED;
  }

  input->decoder = &sound_decoder_sndfile;
  const int code = input->decoder->open(input, raw);
  if (code) {
    sound_input_close(input);
  }
  input->layout.n_channels = (uint32_t)input->info.channels;
  return code;
}

size_t
sound_input_read(SoundInput* const input, float* const frames, const size_t n)
{
  const size_t n_read = input->decoder->read(input, frames, n);
  channel_order_apply(&input->order, frames, n_read);
  input->n_read += n_read;
  return n_read;
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

int
sound_input_finish(const SoundInput* const input)
{
  if (input->fault[0]) {
    return say_error(
      EXIT_FAILED, "cannot read \"%s\": %s", input->path, input->fault);
  }
  if (!input->n_read) {
    return say_error(EXIT_FAILED, "there is no sound in \"%s\"", input->path);
  }
  if (input->info.frames >= 0 && input->n_read < (uint64_t)input->info.frames) {
    say_error(EXIT_OK,
              "warning: \"%s\" is cut short after %llu of %lld frames",
              input->path,
              (unsigned long long)input->n_read,
              (long long)input->info.frames);
  }

  return EXIT_OK;
}

void
sound_input_fail(SoundInput* const input, const char* const reason)
{
  snprintf(input->fault, sizeof(input->fault), "%s", reason);
}

SNDFILE*
sound_input_sndfile(const SoundInput* const input)
{
  return input->decoder == &sound_decoder_sndfile ? (SNDFILE*)input->state
                                                  : NULL;
}

void
sound_input_close(SoundInput* const input)
{
  if (input->decoder) {
    input->decoder->close(input);
    input->decoder = NULL;
    input->state   = NULL;
  }
}
