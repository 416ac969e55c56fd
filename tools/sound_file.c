// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#define _GNU_SOURCE // fchmod, mkstemp

#include "sound_file.h"

#include "metadata.h"
#include "say.h"
#include "wav_header.h"

#include <sndfile.h>

#include <sys/stat.h>
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
  The file that a signal has to remove.  libsndfile goes on reading and writing
  when a signal interrupts it, so the handler does that itself.  The path is set
  before the file is there and cleared when it is gone or renamed, so at worst
  the handler removes a file that does not exist.
*/
static const char* volatile unfinished;

static void
on_signal(const int number)
{
  if (unfinished) {
    unlink(unfinished);
  }
  signal(number, SIG_DFL);
  raise(number);
}

void
sound_output_catch_signals(void)
{
  struct sigaction action;
  memset(&action, 0, sizeof(action));
  action.sa_handler = on_signal;
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  signal(SIGPIPE, SIG_IGN);
}

/// Forget the temporary file, which is gone or renamed
static void
forget_temporary(SoundOutput* const output)
{
  unfinished = NULL;
  free(output->temporary);
  output->temporary = NULL;
}

static bool
is_pipe(const char* const path)
{
  return !strcmp(path, "-");
}

static int
check_input(const char* const path)
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

int
sound_input_open(SoundInput* const input,
                 const char* const path,
                 const RawFormat   raw)
{
  memset(input, 0, sizeof(*input));
  input->path = path;
  if (raw.sample_rate) {
    input->info.samplerate = (int)raw.sample_rate;
    input->info.channels   = (int)raw.n_channels;
    input->info.format     = SF_FORMAT_RAW | SF_FORMAT_FLOAT | SF_ENDIAN_LITTLE;
  }

  if (is_pipe(path)) {
    input->file = sf_open_fd(STDIN_FILENO, SFM_READ, &input->info, SF_FALSE);
  } else if (check_input(path)) {
    return EXIT_FAILED;
  } else {
    input->file = sf_open(path, SFM_READ, &input->info);
  }
  if (!input->file) {
    return say_error(EXIT_FAILED,
                     "cannot read \"%s\" as a sound file: %s",
                     path,
                     sf_strerror(NULL));
  }

  return EXIT_OK;
}

void
sound_input_close(SoundInput* const input)
{
  if (input->file) {
    sf_close(input->file);
    input->file = NULL;
  }
}

/// Open where the bytes go: a file beside the place, or the place itself if it
/// is a device, a pipe or the like
static int
open_place(SoundOutput* const output)
{
  struct stat info;
  if (is_pipe(output->path)) {
    output->fd = dup(STDOUT_FILENO);
    return output->fd < 0;
  }
  if (!stat(output->path, &info) && !S_ISREG(info.st_mode)) {
    output->fd = open(output->path, O_WRONLY | O_CLOEXEC);
    return output->fd < 0;
  }

  const size_t size = strlen(output->path) + sizeof(".part-XXXXXX");
  output->temporary = (char*)malloc(size);
  if (!output->temporary) {
    return 1;
  }
  snprintf(output->temporary, size, "%s.part-XXXXXX", output->path);
  unfinished = output->temporary;
  output->fd = mkostemp(output->temporary, O_CLOEXEC);
  if (output->fd < 0) {
    forget_temporary(output);
    return 1;
  }

  return 0;
}

/// Write a header that needs no seeking back, then nothing but samples
static int
open_streamed_wav(SoundOutput* const output,
                  SF_INFO* const     info,
                  const int64_t      n_frames)
{
  const int numbers = output->format & SF_FORMAT_SUBMASK;
  if (wav_header_write(output->fd, info, n_frames)) {
    return say_error(
      EXIT_FAILED, "cannot write \"%s\": %s", output->path, strerror(errno));
  }

  info->format = SF_FORMAT_RAW | numbers | SF_ENDIAN_LITTLE;
  return EXIT_OK;
}

int
sound_output_open(SoundOutput* const      output,
                  const char* const       path,
                  const int               format,
                  const SoundInput* const input,
                  const int64_t           n_frames)
{
  SF_INFO info = {
    0, input->info.samplerate, input->info.channels, format, 0, 0};

  memset(output, 0, sizeof(*output));
  output->path   = path;
  output->format = format;
  if (open_place(output)) {
    return say_error(
      EXIT_FAILED, "cannot write \"%s\": %s", path, strerror(errno));
  }

  const bool streamed  = lseek(output->fd, 0, SEEK_CUR) < 0;
  const int  container = format & SF_FORMAT_TYPEMASK;
  if (streamed && container != SF_FORMAT_WAV && container != SF_FORMAT_RAW) {
    sound_output_abandon(output);
    return say_error(EXIT_FAILED,
                     "only wav and raw can be written to a pipe (choose one "
                     "with --format)");
  }
  if (streamed && container == SF_FORMAT_WAV &&
      open_streamed_wav(output, &info, n_frames)) {
    sound_output_abandon(output);
    return EXIT_FAILED;
  }

  output->file = sf_open_fd(output->fd, SFM_WRITE, &info, SF_FALSE);
  if (!output->file) {
    say_error(EXIT_FAILED, "cannot write \"%s\": %s", path, sf_strerror(NULL));
    sound_output_abandon(output);
    return EXIT_FAILED;
  }

  sf_command(output->file, SFC_SET_CLIPPING, NULL, SF_TRUE);
  if (!streamed) {
    metadata_copy(input->file, output->file);
  }
  return EXIT_OK;
}

/// Give a temporary file the permissions that a new file would have
static int
set_permissions(const int fd)
{
  const mode_t mask = umask(0);
  umask(mask);
  return fchmod(fd, 0666 & ~mask);
}

int
sound_output_finish(SoundOutput* const output)
{
  const bool place  = output->temporary;
  bool       failed = sf_error(output->file) != SF_ERR_NO_ERROR;

  failed       = sf_close(output->file) || failed;
  output->file = NULL;
  if (place) {
    failed = fsync(output->fd) || set_permissions(output->fd) || failed;
  }
  failed     = close(output->fd) || failed;
  output->fd = -1;
  if (!failed && place) {
    failed = rename(output->temporary, output->path);
  }
  if (failed) {
    say_error(EXIT_FAILED,
              "cannot finish \"%s\": %s",
              output->path,
              errno ? strerror(errno) : "write error");
    sound_output_abandon(output);
    return EXIT_FAILED;
  }

  forget_temporary(output);
  return EXIT_OK;
}

void
sound_output_abandon(SoundOutput* const output)
{
  if (output->file) {
    sf_close(output->file);
    output->file = NULL;
  }
  if (output->fd > 0) {
    close(output->fd);
    output->fd = -1;
  }
  if (output->temporary) {
    unlink(output->temporary);
    forget_temporary(output);
  }
}
