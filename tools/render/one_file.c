// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "render/one_file.h"

#include "cli/model_file.h"
#include "cli/param_options.h"
#include "cli/preset_option.h"
#include "cli/say.h"
#include "grus/grus.h"
#include "host/clock.h"
#include "metadata/buffer.h"
#include "metadata/files.h"
#include "metadata/media.h"
#include "metadata/metadata.h"
#include "render/files.h"
#include "render/film.h"
#include "render/job.h"
#include "render/options.h"
#include "render/report.h"
#include "sound/film/container.h"
#include "sound/format.h"
#include "sound/input.h"
#include "sound/measure/spectrogram.h"
#include "sound/output.h"

#include <sndfile.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Everything that one rendering holds open
typedef struct {
  const RenderOptions* options;
  const ModelFile*     model;     ///< The caller's, or own_model
  ModelFile            own_model; ///< To be freed with the rendering
  SoundInput           input;
  SoundOutput          output;
  SideFiles            side;
  Rendering            rendering;
  Metadata             metadata;
  double               setup_seconds; ///< Model and stream
} Job;

static int
apply_preset(const char* const name, GrusStream* const stream)
{
  float     values[GRUS_N_PARAMS];
  const int code = preset_option_values(name, values);
  if (!code) {
    param_options_apply(values, stream);
  }

  return code;
}

static int
open_stream(Job* const job)
{
  const RenderOptions* const options = job->options;
  const GrusStreamConfig     config  = {(uint32_t)job->input.info.samplerate,
                                        (uint32_t)job->input.info.channels,
                                        options->kernels};

  const double start = clock_seconds();
  if (!job->model->model &&
      model_file_load_as(options->model, options->storage, &job->own_model)) {
    return EXIT_FAILED;
  }

  GrusMessage      message;
  GrusStream*      stream = NULL;
  const GrusStatus st =
    grus_stream_new(job->model->model, &config, &stream, &message);
  if (st) {
    return say_error(EXIT_FAILED, "\"%s\": %s", options->in, message.text);
  }

  // More than two channels are seldom one image
  grus_stream_set_param(stream, GRUS_PARAM_LINK, config.n_channels <= 2U);
  job->rendering.stream = stream;
  const int code =
    options->preset ? apply_preset(options->preset, stream) : EXIT_OK;
  if (code) {
    return code;
  }
  param_options_apply(options->params, stream);
  job->setup_seconds = clock_seconds() - start;
  return EXIT_OK;
}

/// Choose the format of the output, see sound_format_choose()
static int
choose_format(const Job* const job, SoundOutputConfig* const config)
{
  const SoundFormatWish      wish = render_options_wish(job->options);
  const FilmContainer* const film = film_container_find(&wish);
  return film ? film_format_choose(&config->film,
                                   film,
                                   &wish,
                                   config->quality,
                                   &job->input,
                                   &config->info)
              : sound_format_choose(&wish, &job->input.info, &config->info);
}

/// Open the output with what ffmpeg is to write beside the sound
static int
open_film(Job* const job, SoundOutputConfig* const config)
{
  Buffer text = {NULL, 0U, 0U, false};
  render_film_extras(&job->metadata, &job->input, config, &text);
  const int code = sound_output_open(&job->output, config, &job->input);
  buffer_free(&text);
  return code;
}

static int
open_output(Job* const job)
{
  const RenderOptions* const options = job->options;
  const SF_INFO* const       in      = &job->input.info;
  SoundOutputConfig          config  = {.path    = options->out,
                                        .policy  = options->policy,
                                        .quality = (double)options->quality};
  const int                  code    = choose_format(job, &config);
  if (code) {
    return code;
  }

  const bool is_raw =
    (config.info.format & SF_FORMAT_TYPEMASK) == SF_FORMAT_RAW;
  if (options->raw.numbers && is_raw && !options->bits) {
    config.info.format = SF_FORMAT_RAW | options->raw.numbers;
  } else if (options->raw.numbers && !options->raw.sample_rate) {
    return say_error(EXIT_USAGE,
                     "--raw-format is of no use here: give the rate of a raw "
                     "input with --raw-rate, or --format raw");
  }
  if (config.info.samplerate != in->samplerate && !options->rate &&
      !options->quiet) {
    say_error(EXIT_OK,
              "\"%s\" is resampled from %d to %d Hz, which its format has",
              options->out,
              in->samplerate,
              config.info.samplerate);
  }
  return config.film.container
           ? open_film(job, &config)
           : sound_output_open(&job->output, &config, &job->input);
}

static int
open_input(Job* const job)
{
  const RenderOptions* const options = job->options;
  const SoundInputWish       wish    = {options->raw, options->track};
  const int code = sound_input_open(&job->input, options->in, &wish);
  if (!code && !options->raw.sample_rate) {
    size_t            n_head = 0U;
    const void* const head   = sound_input_head(&job->input, &n_head);
    const uint32_t    rate   = (uint32_t)job->input.info.samplerate;
    if (job->input.media) {
      metadata_read_media(&job->metadata, job->input.media, rate);
    } else if (head) {
      metadata_read_head(&job->metadata, head, n_head, rate);
    } else {
      metadata_read(&job->metadata, options->in, rate);
    }
  }
  return code;
}

/// Finish the sound and give it the metadata of the input
static int
finish_output(Job* const job)
{
  SoundOutput* const output = &job->output;
  const int          fd     = sound_output_seal(output);
  if (output->failed) {
    return EXIT_OK; // To be told in the end
  }
  return output->film.is_open ? render_film_check(&job->metadata, output)
                              : metadata_write(&job->metadata,
                                               fd,
                                               output->format,
                                               (uint32_t)output->rate.to,
                                               job->options->out);
}

static int
open_all(Job* const job)
{
  const RenderOptions* const options = job->options;
  Rendering* const           r       = &job->rendering;

  r->input  = &job->input;
  r->output = &job->output;
  int code  = open_input(job);
  if (!code) {
    code = open_stream(job);
  }
  if (!code) {
    code = open_output(job);
  }
  if (!code) {
    code = side_files_open(&job->side, options, r);
  }

  r->show_progress = !options->quiet;
  r->block         = options->block ? options->block
                                    : (uint32_t)job->input.info.samplerate / 100U;
  r->n_warm_up     = (uint32_t)((uint64_t)options->warm_up *
                            (uint32_t)job->input.info.samplerate / 1000U);
  return code;
}

static int
render_sound(Job* const job, const RenderHooks* const hooks)
{
  RenderResult       result;
  const RenderReport report = {job->options,
                               job->model,
                               &job->rendering,
                               &result,
                               job->setup_seconds,
                               side_files_take_stdout(&job->side)};

  job->rendering.progress       = hooks->progress;
  job->rendering.with_envelopes = hooks->with_envelopes;

  int code = render(&job->rendering, &result);
  if (!code) {
    code = side_files_finish(&job->side, &job->rendering);
  }
  if (!code) {
    code = finish_output(job);
  }
  if (!code && hooks->whole) {
    code = hooks->whole(hooks->context, &report);
  }
  if (!code) {
    code = sound_output_finish(&job->output);
  }
  if (!code && hooks->placed) {
    code = hooks->placed(hooks->context, &report);
  }
  return code;
}

int
render_one_file(const RenderOptions* const options,
                const ModelFile* const     model,
                const RenderHooks* const   hooks)
{
  Job job   = {.options = options,
               .side    = SIDE_FILES_INIT,
               .output  = {.place = OUTPUT_FILE_INIT}};
  job.model = model ? model : &job.own_model;

  int code = render_files_check(options);
  if (!code) {
    code = open_all(&job);
  }
  if (!code) {
    code = render_sound(&job, hooks);
  }

  side_files_abandon(&job.side, &job.rendering);
  metadata_free(&job.metadata);
  sound_output_abandon(&job.output);
  sound_input_close(&job.input);
  spectrogram_free(job.rendering.after);
  spectrogram_free(job.rendering.before);
  grus_stream_free(job.rendering.stream);
  grus_model_free(job.own_model.model);
  return code;
}
