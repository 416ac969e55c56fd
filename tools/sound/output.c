// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/output.h"

#include "cli/say.h"
#include "sound/tags.h"
#include "sound/wav_header.h"

#include <sndfile.h>

#include <unistd.h>

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/// Write a header that needs no seeking back, then nothing but samples
static int
open_streamed_wav(SoundOutput* const output,
                  SF_INFO* const     info,
                  const int64_t      n_frames)
{
  const int numbers = output->format & SF_FORMAT_SUBMASK;
  if (wav_header_write(output->place.fd, info, n_frames)) {
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
  if (output_file_open(&output->place, path)) {
    return EXIT_FAILED;
  }

  const bool streamed  = lseek(output->place.fd, 0, SEEK_CUR) < 0;
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

  output->file = sf_open_fd(output->place.fd, SFM_WRITE, &info, SF_FALSE);
  if (!output->file) {
    say_error(EXIT_FAILED, "cannot write \"%s\": %s", path, sf_strerror(NULL));
    sound_output_abandon(output);
    return EXIT_FAILED;
  }

  sf_command(output->file, SFC_SET_CLIPPING, NULL, SF_TRUE);
  SNDFILE* const source = sound_input_sndfile(input);
  if (!streamed && source) {
    metadata_copy(source, output->file);
  }
  return EXIT_OK;
}

int
sound_output_finish(SoundOutput* const output)
{
  const bool failed = sf_error(output->file) != SF_ERR_NO_ERROR;
  const bool closed = !sf_close(output->file);
  output->file      = NULL;
  return output_file_finish(&output->place, failed || !closed);
}

void
sound_output_abandon(SoundOutput* const output)
{
  if (output->file) {
    sf_close(output->file);
    output->file = NULL;
  }
  output_file_abandon(&output->place);
}
