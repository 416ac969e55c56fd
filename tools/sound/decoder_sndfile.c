// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "cli/say.h"
#include "grus.h"
#include "sound/decoder.h"
#include "sound/input.h"
#include "sound/layout_sndfile.h"

#include <sndfile.h>

#include <unistd.h>

#include <stddef.h>

static int
open_file(SoundInput* const input, const RawFormat raw)
{
  SF_INFO* const info = &input->info;
  if (raw.sample_rate) {
    info->samplerate = (int)raw.sample_rate;
    info->channels   = (int)raw.n_channels;
    info->format     = SF_FORMAT_RAW | SF_FORMAT_FLOAT | SF_ENDIAN_LITTLE;
  }

  input->state = sound_input_is_pipe(input)
                   ? sf_open_fd(STDIN_FILENO, SFM_READ, info, SF_FALSE)
                   : sf_open(input->path, SFM_READ, info);
  if (!input->state) {
    return say_error(EXIT_FAILED,
                     "cannot read \"%s\" as a sound file: %s",
                     input->path,
                     sf_strerror(NULL));
  }
  if (info->channels <= GRUS_MAX_CHANNELS) {
    input->layout =
      layout_of_sndfile((SNDFILE*)input->state, info, &input->order);
  }
  if (!info->seekable) {
    info->frames = SOUND_FRAMES_UNKNOWN;
  }
  return EXIT_OK;
}

static size_t
read_frames(SoundInput* const input, float* const frames, const size_t n)
{
  SNDFILE* const   file   = (SNDFILE*)input->state;
  const sf_count_t n_read = sf_readf_float(file, frames, (sf_count_t)n);
  if (sf_error(file) != SF_ERR_NO_ERROR) {
    sound_input_fail(input, sf_strerror(file));
  }
  return n_read > 0 ? (size_t)n_read : 0U;
}

static void
close_file(SoundInput* const input)
{
  if (input->state) {
    sf_close((SNDFILE*)input->state);
  }
}

const SoundDecoder sound_decoder_sndfile = {open_file, read_frames, close_file};
