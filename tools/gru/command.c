// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "gru/command.h"

#include "cli/command_line.h"
#include "cli/say.h"
#include "files/npy.h"
#include "files/output.h"
#include "gru/describe.h"
#include "gru/options.h"
#include "grus/grus.h"
#include "host/file_bytes.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// All that is freed at the end
typedef struct {
  GruOptions          options;
  GrusGru*            gru;
  NpyArray            input;
  NpyArray            h_0;
  NpyArray            output;
  NpyArray            h_n;
  int64_t*            lengths;
  size_t              n_lengths;
  GrusPackedSequence* packed;
} Job;

static void
job_free(Job* const job)
{
  grus_packed_sequence_free(job->packed);
  free(job->lengths);
  free(job->h_n.data);
  free(job->output.data);
  free(job->h_0.data);
  free(job->input.data);
  grus_gru_free(job->gru);
}

/// Make the GRU that the weights tell
static int
load_weights(Job* const job)
{
  const GruOptions* const o       = &job->options;
  FileBytes               bytes   = {NULL, 0U};
  GrusMessage             message = {""};
  if (!file_bytes_read(&bytes, o->weights, &message)) {
    return say_error(
      EXIT_FAILED, "cannot read weights \"%s\": %s", o->weights, message.text);
  }

  GrusGruConfig config = grus_gru_config_default(1U, 1U);
  GrusStatus    st =
    grus_gru_read_config(bytes.data, bytes.size, o->prefix, &config, &message);
  if (!st) {
    config.batch_first = o->batch_first;
    config.dtype       = o->input ? job->input.dtype : config.dtype;
    config.kernels     = o->kernels;
    st                 = grus_gru_new(&config, &job->gru, &message);
  }
  if (!st) {
    st = grus_gru_load(job->gru, bytes.data, bytes.size, o->prefix, &message);
  }

  free(bytes.data);
  return st ? say_error(
                EXIT_FAILED, "weights \"%s\": %s", o->weights, message.text)
            : EXIT_OK;
}

/// Read a list like 5,3,2
static int
parse_lengths(Job* const job)
{
  const char* at = job->options.lengths;
  job->lengths   = (int64_t*)calloc(strlen(at) + 1U, sizeof(int64_t));
  if (!job->lengths) {
    return say_error(EXIT_FAILED, "no memory for the lengths");
  }
  do {
    char* end                      = NULL;
    errno                          = 0;
    job->lengths[job->n_lengths++] = strtoimax(at, &end, 10);
    if (end == at || errno || (*end && *end != ',')) {
      return say_error(EXIT_USAGE,
                       "--lengths wants whole numbers like 5,3,2, not \"%s\"",
                       job->options.lengths);
    }
    at = end + (*end == ',');
  } while (at[-1] == ',');

  return EXIT_OK;
}

/// Run over rows that lie as the GRU wants them
static int
forward(Job* const               job,
        const void* const        rows,
        const GrusShape* const   shape,
        const GrusPacking* const packing)
{
  const GrusNumber dtype = job->input.dtype;
  GrusShape        output;
  GrusShape        h_n;
  GrusMessage      message;
  if (grus_gru_shapes(job->gru, shape, packing, &output, &h_n, &message)) {
    return say_error(EXIT_FAILED, "%s", message.text);
  }
  if (npy_array_new(&job->output, dtype, &output) ||
      npy_array_new(&job->h_n, dtype, &h_n)) {
    return EXIT_FAILED;
  }

  const GrusGruCall call = {rows,
                            *shape,
                            job->h_0.data,
                            job->h_0.shape,
                            packing,
                            job->output.data,
                            job->output.n,
                            job->h_n.data,
                            job->h_n.n};
  return grus_gru_forward(job->gru, &call, &message)
           ? say_error(EXIT_FAILED, "%s", message.text)
           : EXIT_OK;
}

/// Replace the packed output by a padded one, as long as the input
static int
unpack_output(Job* const job)
{
  const bool           first = job->options.batch_first;
  const GrusPadOptions pad   = {
      NULL, job->input.shape.sizes[first ? 1U : 0U], first};
  const GrusPackedSequence packed = {job->output.data,
                                     job->packed->n_rows,
                                     job->output.shape.sizes[1],
                                     job->packed->element_size,
                                     job->packed->packing};
  GrusShape                shape;
  NpyArray                 padded = {{0U, {0U}}, GRUS_FLOAT32, 0U, NULL};
  GrusMessage              message;
  if (grus_padded_shape(&packed, &pad, &shape, &message)) {
    return say_error(EXIT_FAILED, "%s", message.text);
  }
  if (npy_array_new(&padded, job->input.dtype, &shape)) {
    return EXIT_FAILED;
  }

  const GrusStatus st = grus_pad_packed_sequence(
    &packed, &pad, padded.data, job->lengths, &message);
  free(job->output.data);
  job->output = padded;
  return st ? say_error(EXIT_FAILED, "%s", message.text) : EXIT_OK;
}

/// Pack, run, unpack
static int
forward_packed(Job* const job)
{
  const GrusPackOptions options = {job->lengths,
                                   job->n_lengths,
                                   npy_number_size(job->input.dtype),
                                   job->options.batch_first,
                                   false};
  GrusMessage           message;
  if (grus_pack_padded_sequence(
        job->input.data, &job->input.shape, &options, &job->packed, &message)) {
    return say_error(EXIT_FAILED, "%s", message.text);
  }

  const GrusShape rows = {2U,
                          {job->packed->n_rows, job->packed->n_features, 0U}};
  const int       code =
    forward(job, job->packed->data, &rows, &job->packed->packing);
  return code ? code : unpack_output(job);
}

static int
read_h_0(Job* const job)
{
  if (npy_file_read(&job->h_0, job->options.h_0)) {
    return EXIT_FAILED;
  }

  return job->h_0.dtype == job->input.dtype
           ? EXIT_OK
           : say_error(EXIT_FAILED,
                       "\"%s\" holds %s, but \"%s\" %s",
                       job->options.h_0,
                       npy_number_name(job->h_0.dtype),
                       job->options.input,
                       npy_number_name(job->input.dtype));
}

/// Write both results, or neither if one of them cannot be written
static int
write_results(const Job* const job)
{
  OutputFile output = OUTPUT_FILE_INIT;
  OutputFile h_n    = OUTPUT_FILE_INIT;
  if (output_file_open(&output, job->options.output, OUTPUT_REPLACE)) {
    return EXIT_FAILED;
  }
  if (job->options.h_n &&
      output_file_open(&h_n, job->options.h_n, OUTPUT_REPLACE)) {
    output_file_abandon(&output);
    return EXIT_FAILED;
  }

  // Both are written before the first one takes its place
  const bool no_output = npy_file_write(&output, &job->output);
  const bool no_h_n =
    !no_output && job->options.h_n && npy_file_write(&h_n, &job->h_n);
  int code = EXIT_OK;
  if (job->options.h_n && !no_output) {
    code = output_file_finish(&h_n, no_h_n);
  } else {
    output_file_abandon(&h_n);
  }
  if (code) {
    output_file_abandon(&output);
    return code;
  }

  return output_file_finish(&output, no_output);
}

static int
run_job(Job* const job)
{
  const GruOptions* const o    = &job->options;
  int                     code = EXIT_OK;
  if ((o->lengths && (code = parse_lengths(job))) ||
      (o->input && (code = npy_file_read(&job->input, o->input))) ||
      (code = load_weights(job))) {
    return code;
  }
  if (o->describe) {
    return describe_gru(job->gru, o->input ? &job->input.shape : NULL);
  }
  if (o->h_0 && (code = read_h_0(job))) {
    return code;
  }

  code = o->lengths ? forward_packed(job)
                    : forward(job, job->input.data, &job->input.shape, NULL);
  return code ? code : write_results(job);
}

int
command_gru(const int argc, char** argv)
{
  Job job;
  memset(&job, 0, sizeof(job));
  say_name("grus gru");
  int code = gru_options_parse(&job.options, argc, argv);
  if (code) {
    return code == COMMAND_LINE_HELP ? EXIT_OK : code;
  }

  output_file_catch_signals();
  code = run_job(&job);
  job_free(&job);
  return code;
}
