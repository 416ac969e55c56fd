// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/*
  What no library here reads is read by the program ffmpeg, where it is
  installed: it writes WAV of floats into a pipe, which libsndfile reads.
*/

#define _GNU_SOURCE // mkostemp

#include "sound/decoders/byte_stream.h"
#include "sound/decoders/decoder.h"
#include "sound/input.h"

#include <sndfile.h>

#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char** environ;

enum { SPOOLED_FD = 3 }; ///< What the program finds a copy of a pipe at

/// A program that runs, and what it reads and says
typedef struct {
  void*      inner;  ///< The state of libsndfile's decoder
  ByteStream file;   ///< The input itself
  int        spool;  ///< A copy of a pipe, which cannot be read twice, or -1
  FILE*      errors; ///< What the program says
  pid_t      pid;    ///< 0 if it does not run
  char       name[4096 + 8];
} State;

/// Return a file without a name
static int
open_temporary(void)
{
  const char* const folder = getenv("TMPDIR");
  char              path[4096];
  snprintf(
    path, sizeof(path), "%s/grus-XXXXXX", folder && *folder ? folder : "/tmp");
  const int fd = mkostemp(path, O_CLOEXEC);
  if (fd >= 0) {
    unlink(path);
  }
  return fd;
}

/// Copy a pipe into a file, return false if that fails
static bool
spool(State* const state, ByteStream* const stream)
{
  static char bytes[1 << 16];
  size_t      n = 0U;
  state->spool  = open_temporary();
  byte_stream_settle(stream);
  while (state->spool >= 0 &&
         (n = byte_stream_read(stream, bytes, sizeof(bytes)))) {
    if (write(state->spool, bytes, n) != (ssize_t)n) {
      return false;
    }
  }
  return state->spool >= 0;
}

/// Start a program that writes into `pipe_end`; returns 0 or what errno is
static int
start(State* const state, char* const argv[], const int pipe_end)
{
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(
    &actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, pipe_end, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(
    &actions, fileno(state->errors), STDERR_FILENO);
  if (state->spool >= 0) {
    posix_spawn_file_actions_adddup2(&actions, state->spool, SPOOLED_FD);
  }
  const int error =
    posix_spawnp(&state->pid, argv[0], &actions, NULL, argv, environ);
  posix_spawn_file_actions_destroy(&actions);
  state->pid = error ? 0 : state->pid;
  return error;
}

/// Run a program, and read what it writes as the stream's bytes
static int
run(SoundInput* const input, State* const state, char* const argv[])
{
  int ends[2]   = {-1, -1};
  state->errors = tmpfile();
  if (!state->errors || pipe(ends)) {
    return errno;
  }

  fcntl(fileno(state->errors), F_SETFD, FD_CLOEXEC);
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);
  const int error = start(state, argv, ends[1]);
  close(ends[1]);
  byte_stream_use(&input->bytes, ends[0]);
  return error;
}

/// Wait for the program, return whether it had nothing to complain of
static bool
wait_for_end(State* const state)
{
  int status = 0;
  if (state->pid) {
    while (waitpid(state->pid, &status, 0) < 0 && errno == EINTR) {
    }
    state->pid = 0;
    fseek(state->errors, 0, SEEK_END);
  }
  return !status && state->errors && ftell(state->errors) <= 0;
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
    : error ? strerror(error)
            : "neither Grus nor ffmpeg finds sound in it");
}

/// Set the name that ffmpeg opens, in which no letter means anything
static bool
choose_name(SoundInput* const input, State* const state)
{
  if (input->bytes.seekable && !sound_input_is_pipe(input)) {
    return snprintf(state->name, sizeof(state->name), "file:%s", input->path) <
           (int)sizeof(state->name);
  }
  snprintf(state->name, sizeof(state->name), "file:/dev/fd/%d", SPOOLED_FD);
  return spool(state, &input->bytes);
}

/// Return the numbers of what is not compressed with loss, else 0
static int
find_numbers(SoundInput* const input)
{
  State probe = {.spool = ((const State*)input->state)->spool};
  snprintf(
    probe.name, sizeof(probe.name), "%s", ((const State*)input->state)->name);
  char* const argv[] = {"ffprobe",
                        "-v",
                        "quiet",
                        "-protocol_whitelist",
                        "file",
                        "-select_streams",
                        "a:0",
                        "-show_entries",
                        "stream=codec_name,bits_per_raw_sample",
                        "-of",
                        "csv=p=0:nk=1",
                        "-i",
                        probe.name,
                        NULL};

  char       text[128] = {0};
  SoundInput output    = {0};
  const int  error     = run(&output, &probe, argv);
  if (!error) {
    byte_stream_read(&output.bytes, text, sizeof(text) - 1U);
  }
  byte_stream_close(&output.bytes);
  wait_for_end(&probe);
  if (probe.errors) {
    fclose(probe.errors);
  }

  const char* const comma = strchr(text, ',');
  const int         bits  = comma ? (int)strtol(comma + 1, NULL, 10) : 0;
  return bits == 16 ? SF_FORMAT_PCM_16 : bits == 24 ? SF_FORMAT_PCM_24 : 0;
}

static bool
open_program(SoundInput* const input)
{
  State* const state = (State*)calloc(1U, sizeof(State));
  if (!state) {
    return false;
  }
  input->state = state;
  state->spool = -1;
  if (!choose_name(input, state)) {
    sound_input_fail(input, strerror(errno));
    return false;
  }

  char* const argv[] = {"ffmpeg",
                        "-nostdin",
                        "-v",
                        "error",
                        "-protocol_whitelist",
                        "file",
                        "-i",
                        state->name,
                        "-vn",
                        "-sn",
                        "-dn",
                        "-map_metadata",
                        "0",
                        "-fflags",
                        "+bitexact", // Not the name of ffmpeg itself
                        "-c:a",
                        "pcm_f32le",
                        "-f",
                        "wav",
                        "-protocol_whitelist",
                        "pipe",
                        "pipe:1",
                        NULL};
  state->file        = input->bytes;
  const int error    = run(input, state, argv);
  if (error || !open_inner(input, state)) {
    explain(input, error);
    return false;
  }

  const int numbers  = find_numbers(input);
  input->info.format = SF_FORMAT_WAV | (numbers ? numbers : SF_FORMAT_FLOAT);
  return true;
}

static void
next_frames(SoundInput* const input, SoundChunk* const chunk)
{
  State* const state = (State*)input->state;
  input->state       = state->inner;
  sound_decoder_sndfile.next(input, chunk);
  input->state = state;
  if (!chunk->n && !wait_for_end(state)) {
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

  input->state = state->inner;
  sound_decoder_sndfile.close(input);
  if (state->errors) { // The program has been started, or nearly so
    byte_stream_close(&input->bytes);
    input->bytes = state->file;
  }
  wait_for_end(state);
  if (state->errors) {
    fclose(state->errors);
  }
  if (state->spool >= 0) {
    close(state->spool);
  }
  free(state);
}

const SoundDecoder sound_decoder_ffmpeg = {
  open_program,
  next_frames,
  close_program,
};
