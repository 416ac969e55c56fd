// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/output.h"

#include "cli/say.h"
#include "ffmpeg/program.h"
#include "files/output.h"
#include "sound/dither.h"
#include "sound/film/film.h"
#include "sound/format.h"
#include "sound/layout/plan.h"
#include "sound/rate.h"
#include "sound/sink.h"
#include "sound/wav/repeatable.h"
#include "sound/wav/w64_header.h"
#include "sound/wav/wav_header.h"
#include "sound/wav/wave_format.h"

#include <sndfile.h>

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/// Return where the bytes of the sound go
static OutputFile*
target_of(SoundOutput* const output)
{
  return output->film.is_open ? &output->film.pipe : &output->place;
}

/// Tell why ffmpeg did not write the film
static int
say_film_failed(const SoundOutput* const output, const char* const reason)
{
  return say_error(
    EXIT_FAILED, "cannot write \"%s\": ffmpeg: %s", output->path, reason);
}

/// Tell why bytes could not be written.  Of an ffmpeg that ended early the pipe
/// knows only that it is broken.
static int
say_write_failed(SoundOutput* const output, const char* const otherwise)
{
  char      reason[PROGRAM_REASON];
  const int error = target_of(output)->error;
  if (output->film.pipe.error && !film_finish(&output->film, reason)) {
    return say_film_failed(output, reason);
  }
  return say_error(EXIT_FAILED,
                   "cannot write \"%s\": %s",
                   output->path,
                   error ? strerror(error) : otherwise);
}

/// Write a header that needs no seeking back, then nothing but samples
static int
open_streamed_wav(SoundOutput* const output,
                  SF_INFO* const     info,
                  const int64_t      n_frames)
{
  const int numbers = output->format & SF_FORMAT_SUBMASK;
  if (wav_header_write(
        target_of(output), info, output->plan.layout, n_frames)) {
    return say_write_failed(output, "it failed");
  }

  info->format = SF_FORMAT_RAW | numbers | SF_ENDIAN_LITTLE;
  return EXIT_OK;
}

/// Write the header that libsndfile does not, then nothing but samples
static int
open_extensible_w64(SoundOutput* const output, SF_INFO* const info)
{
  const int numbers = output->format & SF_FORMAT_SUBMASK;
  if (w64_header_write(&output->place, info, output->plan.layout)) {
    return say_error(
      EXIT_FAILED, "cannot write \"%s\": %s", output->path, strerror(errno));
  }

  sound_sink_init(&output->sink, &output->place);
  output->own_w64 = true;
  info->format    = SF_FORMAT_RAW | numbers | SF_ENDIAN_LITTLE;
  return EXIT_OK;
}

/// Set the quality of a lossy format, or how hard FLAC tries
static void
set_quality(SNDFILE* const file, const int format, double quality)
{
  const bool is_flac = (format & SF_FORMAT_TYPEMASK) == SF_FORMAT_FLAC;
  if (!isnan(quality)) {
    sf_command(file,
               is_flac ? SFC_SET_COMPRESSION_LEVEL
                       : SFC_SET_VBR_ENCODING_QUALITY,
               &quality,
               sizeof(quality));
  }
}

static int
open_sound(SoundOutput* const output, const SoundOutputConfig* const config)
{
  SF_INFO    info      = config->info;
  const int  container = output->format & SF_FORMAT_TYPEMASK;
  const bool is_wav =
    container == SF_FORMAT_WAV || container == SF_FORMAT_WAVEX;

  sound_sink_init(&output->sink, target_of(output));
  const bool streamed   = output->sink.streamed;
  const bool own_header = streamed && is_wav;
  if (streamed && !sound_format_is_stream(output->format)) {
    return say_error(EXIT_FAILED,
                     "only wav, flac, ogg, opus, mp3 and raw can be written to "
                     "a pipe (choose one with --format)");
  }
  if (own_header && !wave_sample_size(output->format)) {
    output->format = container | SF_FORMAT_PCM_16; // Blocks need a fact chunk
  }

  info.format = output->format;
  info.frames = 0;
  if (own_header && open_streamed_wav(output, &info, config->info.frames)) {
    return EXIT_FAILED;
  }
  if (container == SF_FORMAT_W64 && output->plan.layout.mask &&
      !output->sink.start && open_extensible_w64(output, &info)) {
    return EXIT_FAILED;
  }

  output->file = sound_sink_open(&output->sink, &info);
  if (!output->file) {
    return say_write_failed(output, sf_strerror(NULL));
  }

  sf_command(output->file, SFC_SET_CLIPPING, NULL, SF_TRUE);
  sf_command(
    output->file, SFC_SET_ADD_PEAK_CHUNK, NULL, SF_FALSE); // Has a date
  set_quality(output->file, info.format, config->quality);
  output->dither = dither_new(sound_format_bits(output->format));
  layout_plan_tell(&output->plan, output->file, info.format);
  if (output->plan.comment[0]) {
    sound_sink_replace(
      &output->sink, output->plan.placeholder, output->plan.comment);
  }
  return EXIT_OK;
}

/// Plan what goes into a film beside the sound, and how its speakers are told
static int
film_plan(Film* const                    film,
          LayoutPlan* const              plan,
          const SoundOutputConfig* const config,
          const SoundInput* const        input)
{
  const int code = film_plan_layout(plan, &config->film, config->path);
  return code ? code
              : film_plan_streams(film, &config->film, input, config->path);
}

int
sound_output_open(SoundOutput* const             output,
                  const SoundOutputConfig* const config,
                  const SoundInput* const        input)
{
  memset(output, 0, sizeof(*output));
  output->path       = config->path;
  output->place.fd   = -1;
  output->format     = config->info.format;
  output->n_channels = config->info.channels;

  const bool is_film = config->film.container;
  int        code =
    layout_plan(&output->plan, input->layout, config->path, &output->format);
  if (!code && is_film) {
    code = film_plan(&output->film, &output->plan, config, input);
  }
  if (code) {
    film_abandon(&output->film);
    return code;
  }
  if (output_file_open(&output->place, config->path, config->policy)) {
    film_abandon(&output->film);
    return EXIT_FAILED;
  }
  if ((is_film && film_open(&output->film,
                            &config->extras,
                            input,
                            &output->place,
                            config->info.samplerate)) ||
      sound_rate_init(&output->rate,
                      input->info.samplerate,
                      config->info.samplerate,
                      config->info.channels) ||
      open_sound(output, config)) {
    sound_output_abandon(output);
    return EXIT_FAILED;
  }

  return EXIT_OK;
}

/// Make floats the whole numbers that the file holds, if it holds such
static void
round_samples(SoundOutput* const output, float* const samples, const size_t n)
{
  const unsigned bits = sound_format_bits(output->format);
  for (size_t i = 0U; bits && i < n; ++i) {
    output->n_clipped += fabsf(samples[i]) > 1.0f;
  }
  if (bits && bits <= 24U) {
    dither_round(&output->dither, samples, n);
  }
}

/// Write `n` frames of the output's rate
static int
write_frames(SoundOutput* const output, float* const frames, const size_t n)
{
  channel_order_apply(&output->plan.order, frames, n);
  round_samples(output, frames, n * (size_t)output->n_channels);
  if (sf_writef_float(output->file, frames, (sf_count_t)n) == (sf_count_t)n) {
    return EXIT_OK;
  }

  return say_write_failed(output, sf_strerror(output->file));
}

/// Put right what libsndfile has written; return whether that could be done
static bool
finish_header(SoundOutput* const output)
{
  const uint32_t frame_size =
    wave_sample_size(output->format) * (uint32_t)output->n_channels;
  return !(
    output->own_w64
      ? w64_header_finish(&output->place, output->sink.length, frame_size)
      : layout_plan_finish(&output->plan, output->place.fd, output->format));
}

int
sound_output_write(SoundOutput* const output,
                   float* const       frames,
                   const size_t       n)
{
  float* resampled   = NULL;
  size_t n_resampled = 0U;
  return (n &&
          sound_rate_run(&output->rate, frames, n, &resampled, &n_resampled)) ||
             write_frames(output, resampled, n_resampled)
           ? EXIT_FAILED
           : EXIT_OK;
}

int
sound_output_drain(SoundOutput* const output)
{
  float* resampled   = NULL;
  size_t n_resampled = 0U;
  return sound_rate_run(&output->rate, NULL, 0U, &resampled, &n_resampled) ||
             write_frames(output, resampled, n_resampled)
           ? EXIT_FAILED
           : EXIT_OK;
}

/// Have ffmpeg finish the film; on failure tell why
static int
seal_film(SoundOutput* const output)
{
  char       reason[PROGRAM_REASON];
  const bool closed = !sf_close(output->file) && !output->film.pipe.error;
  output->file      = NULL;
  const bool done   = film_finish(&output->film, reason) && closed;
  output->failed    = !done;
  return done ? EXIT_OK
              : say_film_failed(output, reason[0] ? reason : "it ended early");
}

int
sound_output_seal(SoundOutput* const output)
{
  if (output->file && output->film.is_open) {
    seal_film(output);
    return -1;
  }
  if (output->file) {
    const bool failed = sf_error(output->file) != SF_ERR_NO_ERROR;
    const bool closed = !sf_close(output->file);
    output->file      = NULL;
    const bool told   = finish_header(output);
    const bool same =
      output->place.temporary == NULL ||
      !repeatable_make(output->place.fd, output->sink.start, output->format);
    output->failed = !same || failed || !closed || !told || output->place.error;
  }

  const bool is_alone = output->own_w64 || !output->sink.start;
  return output->film.is_open || output->failed || output->sink.streamed ||
             !is_alone
           ? -1
           : output->place.fd;
}

int
sound_output_finish(SoundOutput* const output)
{
  sound_output_seal(output);
  sound_rate_clear(&output->rate);
  if (output->film.is_open && output->failed) { // The reason is told
    sound_output_abandon(output);
    return EXIT_FAILED;
  }
  film_abandon(&output->film);
  return output_file_finish(&output->place, output->failed);
}

void
sound_output_abandon(SoundOutput* const output)
{
  if (output->file) {
    sf_close(output->file);
    output->file = NULL;
  }
  film_abandon(&output->film);
  sound_rate_clear(&output->rate);
  output_file_abandon(&output->place);
}
