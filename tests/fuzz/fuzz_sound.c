// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// libFuzzer target: any bytes are a sound file with its metadata or an error.
// FUZZ_PIPE=1 has the bytes come through a pipe.

#define _GNU_SOURCE // memfd_create

#include "cli/say.h"
#include "metadata/files.h"
#include "metadata/metadata.h"
#include "sound/decoders/decoder.h"
#include "sound/input.h"

#include <sys/mman.h>
#include <unistd.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum {
  N_FRAMES   = 256,     ///< At once
  MOST       = 1 << 14, ///< Frames of a file; silence may be long
  WIDEST     = 1024,    ///< Channels
  MOST_BYTES = 1 << 16, ///< Of a file, which is what a pipe takes at once
};

int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

static bool
open_no_program(SoundInput* const input)
{
  sound_input_fail(input, "no program here");
  return false;
}

static void
read_nothing(SoundInput* const input, SoundChunk* const chunk)
{
  (void)input;
  chunk->n = 0U;
}

static void
close_nothing(SoundInput* const input)
{
  (void)input;
}

const SoundDecoder sound_decoder_ffmpeg = {open_no_program,
                                           read_nothing,
                                           close_nothing};

static void
say_nothing(const char* const line)
{
  (void)line;
}

/// Put bytes where the standard input is read
static void
put_on_stdin(const uint8_t* const data, const size_t size)
{
  int ends[2] = {-1, -1};
  if (pipe(ends) || write(ends[1], data, size) != (ssize_t)size) {
    abort();
  }
  close(ends[1]);
  dup2(ends[0], STDIN_FILENO);
  close(ends[0]);
}

static void
read_sound(const char* const path)
{
  static float         frames[N_FRAMES * WIDEST];
  const SoundInputWish wish = {0};
  SoundInput           input;
  if (sound_input_open(&input, path, &wish)) {
    return;
  }

  size_t n    = input.info.channels <= WIDEST ? N_FRAMES : 0U;
  size_t n_in = 0U;
  while (n == N_FRAMES && n_in < MOST) {
    n = sound_input_read(&input, frames, N_FRAMES);
    n_in += n;
  }
  sound_input_finish(&input);
  sound_input_close(&input);
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  if (size > MOST_BYTES) {
    return 0;
  }
  say_to(say_nothing);
  if (getenv("FUZZ_PIPE")) {
    put_on_stdin(data, size);
    read_sound("-");
    return 0;
  }

  char      path[40];
  const int fd = memfd_create("sound", MFD_CLOEXEC);
  snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
  if (write(fd, data, size) != (ssize_t)size) {
    abort();
  }
  read_sound(path);

  Metadata metadata;
  metadata_read(&metadata, path, 48000U);
  metadata_free(&metadata);
  close(fd);
  return 0;
}
