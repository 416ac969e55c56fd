// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/input.h"

#include "cli/say.h"

#include <sndfile.h>

#include <sys/stat.h>
#include <unistd.h>

#include <errno.h>
#include <stdbool.h>
#include <string.h>

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
