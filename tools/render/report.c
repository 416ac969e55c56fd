// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "render/report.h"

#include "cli/json_report.h"
#include "cli/json_text.h"
#include "cli/say.h"
#include "grus/grus.h"
#include "sound/film/codec.h"
#include "sound/format.h"
#include "sound/measure/loudness.h"

#include <jansson.h>

#include <sys/resource.h>

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static double
peak_megabytes(void)
{
  struct rusage usage;
  return getrusage(RUSAGE_SELF, &usage) ? 0.0
                                        : (double)usage.ru_maxrss / 1024.0;
}

static double
duration(const RenderReport* const report)
{
  return (double)report->result->n_frames /
         report->rendering->input->info.samplerate;
}

/// Keep `digits` behind the point: more is not measured
static json_t*
rounded(const double value, const int digits)
{
  const double scale = pow(10.0, digits);
  return json_real(round(value * scale) / scale);
}

static json_t*
levels_json(const Levels* const levels)
{
  return json_pack("{s:o, s:o, s:o}",
                   "peak_dbfs",
                   rounded(levels_peak(levels), 2),
                   "rms_dbfs",
                   rounded(levels_rms(levels), 2),
                   "floor_dbfs",
                   rounded(levels_floor(levels), 1));
}

/// Return the name of what the output holds
static const char*
numbers_of(const SoundOutput* const output)
{
  return output->film.format.container
           ? film_codec_name(output->film.format.codec)
           : sound_format_numbers(output->format);
}

json_t*
render_report_json(const RenderReport* const report)
{
  const Rendering* const    r      = report->rendering;
  const RenderResult* const result = report->result;
  const SF_INFO* const      info   = &r->input->info;

  json_t* const json =
    json_pack("{s:o, s:o, s:s, s:o, s:i, s:i, s:I, s:o, s:i, s:i, s:s}",
              "input",
              json_text(report->options->in),
              "output",
              json_text(report->options->out),
              "model",
              grus_model_info(report->model->model)->name,
              "model_file",
              json_text(report->model->path),
              "sample_rate",
              info->samplerate,
              "channels",
              info->channels,
              "frames",
              (json_int_t)result->n_frames,
              "seconds",
              rounded(duration(report), 3),
              "network_rate",
              (int)grus_stream_network_rate(r->stream),
              "latency_frames",
              (int)grus_stream_latency(r->stream),
              "kernels",
              grus_stream_kernels(r->stream));
  json_t* const measured = json_pack(
    "{s:o, s:o, s:o, s:o, s:o, s:I, s:i, s:o, s:o, s:o, s:o}",
    "before",
    levels_json(&result->before),
    "after",
    levels_json(&result->after),
    "reduction_db",
    rounded(levels_rms(&result->before) - levels_rms(&result->after), 2),
    "reduction_in_pauses_db",
    rounded(levels_floor(&result->before) - levels_floor(&result->after), 1),
    "voice_activity",
    rounded(result->activity, 4),
    "clipped_samples",
    (json_int_t)r->output->n_clipped,
    "faults",
    (int)grus_stream_faults(r->stream),
    "setup_ms",
    rounded(1e3 * report->setup_seconds, 2),
    "real_time_factor",
    rounded(duration(report) / fmax(result->stream_seconds, 1e-9), 1),
    "speed",
    rounded(duration(report) / fmax(result->seconds, 1e-9), 1),
    "peak_memory_mb",
    rounded(peak_megabytes(), 1));

  const bool whole =
    json && measured && !json_object_update(json, measured) &&
    !json_object_set_new(json, "codec", json_string(numbers_of(r->output)));
  json_decref(measured);
  if (!whole) {
    json_decref(json);
    return NULL;
  }
  return json;
}

static void
report_text(const RenderReport* const report, FILE* const stream)
{
  const Rendering* const    r      = report->rendering;
  const RenderResult* const result = report->result;
  const SF_INFO* const      info   = &r->input->info;
  const Levels* const       b      = &result->before;
  const Levels* const       a      = &result->after;
  char                      out[VISIBLE_SIZE];

  grus_make_visible(out, sizeof(out), report->options->out);
  fprintf(stream,
          "%s: %.1f s, %d channel%s at %d Hz, %s\n",
          out,
          duration(report),
          info->channels,
          info->channels == 1 ? "" : "s",
          info->samplerate,
          numbers_of(r->output));
  fprintf(stream, "            before     after\n");
  fprintf(
    stream, "  peak    %7.1f   %7.1f dBFS\n", levels_peak(b), levels_peak(a));
  fprintf(
    stream, "  level   %7.1f   %7.1f dBFS\n", levels_rms(b), levels_rms(a));
  fprintf(stream,
          "  pauses  %7.1f   %7.1f dBFS: %.1f dB less\n",
          levels_floor(b),
          levels_floor(a),
          levels_floor(b) - levels_floor(a));
  if (grus_model_info(report->model->model)->has_activity) {
    fprintf(
      stream, "  voice in %.0f %% of the time\n", 100.0 * result->activity);
  }
  if (grus_stream_network_rate(r->stream) != (uint32_t)info->samplerate) {
    fprintf(stream,
            "  resampled to %u Hz for the network and back\n",
            grus_stream_network_rate(r->stream));
  }
  if (r->output->n_clipped) {
    fprintf(stream,
            "  %llu samples clipped (try --bits float)\n",
            (unsigned long long)r->output->n_clipped);
  }
  if (grus_stream_faults(r->stream)) {
    fprintf(stream,
            "  %u blocks with NaN or infinity were silenced\n",
            grus_stream_faults(r->stream));
  }
  fprintf(stream,
          "  %.0f times real time (%s kernels)\n",
          duration(report) / fmax(result->stream_seconds, 1e-9),
          grus_stream_kernels(r->stream));
}

int
render_report(const RenderReport* const report)
{
  const bool taken = report->stdout_taken ||
                     output_file_is_stdout(&report->rendering->output->place);
  FILE* const stream = taken ? stderr : stdout;
  if (report->options->json) {
    return json_report(render_report_json(report),
                       JSON_INDENT(2) | JSON_REAL_PRECISION(9),
                       stream);
  }
  if (!report->options->quiet) {
    report_text(report, stream);
  }
  return EXIT_OK;
}
