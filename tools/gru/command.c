// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "gru/command.h"

#include "cli/command_line.h"
#include "cli/say.h"
#include "files/npy.h"
#include "files/output.h"
#include "grus/grus.h"
#include "host/file_bytes.h"

#include <getopt.h>

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Columns of what --describe prints
enum { NAME_WIDTH = 8, WEIGHT_NAME_WIDTH = 22 };

/// What the command line says
typedef struct {
  const char* weights;
  const char* input;  ///< Null if there is none
  const char* output; ///< Null if there is none
  const char* h_0;    ///< Null for zeros
  const char* h_n;    ///< Null if nobody wants it
  const char* prefix;
  const char* kernels; ///< Null for the best
  const char* lengths; ///< Null if all are the same
  bool        batch_first;
  bool        describe;
} Options;

/// All that is freed at the end
typedef struct {
  Options             options;
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
  const Options* const o       = &job->options;
  FileBytes            bytes   = {NULL, 0U};
  GrusMessage          message = {""};
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

static void
print_shape(const char* const      name,
            const int              width,
            const GrusShape* const shape)
{
  printf("%-*s (", width, name);
  for (uint32_t i = 0U; i < shape->n_dims; ++i) {
    printf(i ? ", %zu" : "%zu", shape->sizes[i]);
  }
  printf(shape->n_dims == 1U ? ",)\n" : ")\n");
}

/// Print a GRU as PyTorch does
static void
print_gru(const GrusGruConfig* const config)
{
  printf("GRU(%" PRIu32 ", %" PRIu32, config->input_size, config->hidden_size);
  if (config->num_layers != 1U) {
    printf(", num_layers=%" PRIu32, config->num_layers);
  }
  printf("%s%s%s)\n\n",
         config->bias ? "" : ", bias=False",
         config->batch_first ? ", batch_first=True" : "",
         config->bidirectional ? ", bidirectional=True" : "");
}

/// Print the shapes for any input
static void
print_symbolic_shapes(const GrusGruConfig* const config)
{
  const char* const batch = config->batch_first ? "batch, seq" : "seq, batch";
  const unsigned    n     = config->bidirectional ? 2U : 1U;
  const uint64_t    features = (uint64_t)n * config->hidden_size;
  const uint64_t    states   = (uint64_t)n * config->num_layers;
  printf("input    (%s, %" PRIu32 ") or (seq, %" PRIu32 ")\n",
         batch,
         config->input_size,
         config->input_size);
  printf("h_0      (%" PRIu64 ", batch, %" PRIu32 ") or (%" PRIu64 ", %" PRIu32
         ")\n",
         states,
         config->hidden_size,
         states,
         config->hidden_size);
  printf("output   (%s, %" PRIu64 ") or (seq, %" PRIu64 ")\n",
         batch,
         features,
         features);
  printf("h_n      as h_0\n");
}

/// Print the shapes for the input at hand
static int
print_shapes(const Job* const job)
{
  GrusShape   output;
  GrusShape   h_n;
  GrusMessage message;
  if (grus_gru_shapes(
        job->gru, &job->input.shape, NULL, &output, &h_n, &message)) {
    return say_error(EXIT_FAILED, "%s", message.text);
  }

  print_shape("input", NAME_WIDTH, &job->input.shape);
  print_shape("h_0", NAME_WIDTH, &h_n);
  print_shape("output", NAME_WIDTH, &output);
  print_shape("h_n", NAME_WIDTH, &h_n);
  return EXIT_OK;
}

static int
describe(const Job* const job)
{
  const GrusGruConfig* const config = grus_gru_config(job->gru);
  int                        code   = EXIT_OK;
  print_gru(config);
  if (job->options.input) {
    code = print_shapes(job);
  } else {
    print_symbolic_shapes(config);
  }
  if (code) {
    return code;
  }

  printf("dtype    %s\n", npy_number_name(config->dtype));
  printf("kernels  %s\n\n", config->kernels);
  GrusGruWeight weight;
  for (uint32_t i = 0U; grus_gru_weight(job->gru, i, &weight); ++i) {
    print_shape(weight.name, WEIGHT_NAME_WIDTH, &weight.shape);
  }
  printf("\n%" PRIu64 " parameters\n", grus_gru_n_parameters(job->gru));
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
  const Options* const o    = &job->options;
  int                  code = EXIT_OK;
  if ((o->lengths && (code = parse_lengths(job))) ||
      (o->input && (code = npy_file_read(&job->input, o->input))) ||
      (code = load_weights(job))) {
    return code;
  }
  if (o->describe) {
    return describe(job);
  }
  if (o->h_0 && (code = read_h_0(job))) {
    return code;
  }

  code = o->lengths ? forward_packed(job)
                    : forward(job, job->input.data, &job->input.shape, NULL);
  return code ? code : write_results(job);
}

/// Take the files' names; return EXIT_USAGE after telling what is wrong
static int
take_files(Options* const options, const int n, char** const names)
{
  const int least = options->describe ? 1 : 3;
  const int most  = options->describe ? 2 : 3;
  if (n < least || n > most) {
    return say_error(EXIT_USAGE,
                     "expected %s (try grus gru --help)",
                     options->describe ? "WEIGHTS and perhaps INPUT"
                                       : "WEIGHTS, INPUT and OUTPUT");
  }

  options->weights = names[0];
  options->input   = n > 1 ? names[1] : NULL;
  options->output  = n > 2 ? names[2] : NULL;
  return EXIT_OK;
}

static const CommandOption rows[] = {
  {"batch-first",
   'b',
   NULL,
   "Arrays are (batch, seq, feature)",
   command_take_switch,
   offsetof(Options, batch_first),
   0U},
  {"describe",
   'd',
   NULL,
   "Tell arguments, weights, shapes and parameter count",
   command_take_switch,
   offsetof(Options, describe),
   0U},
  {"h-0",
   'i',
   "FILE",
   "Start with these hidden states, a .npy file of (directions * layers, "
   "batch, hidden); default zeros",
   command_take_text,
   offsetof(Options, h_0),
   0U},
  {"kernels",
   'k',
   "NAME",
   "Use one variant of the arithmetic",
   command_take_text,
   offsetof(Options, kernels),
   0U},
  {"lengths",
   'l',
   "LIST",
   "Sequences have these lengths, like 5,3,2; what is behind them is neither "
   "read nor written but as zero",
   command_take_text,
   offsetof(Options, lengths),
   0U},
  {"h-n",
   'o',
   "FILE",
   "Write the last hidden states",
   command_take_text,
   offsetof(Options, h_n),
   0U},
  {"prefix",
   'p',
   "TEXT",
   "What the names of the weights begin with",
   command_take_text,
   offsetof(Options, prefix),
   0U},
  COMMAND_OPTION_HELP,
};

static const CommandLine command_line = {
  .name = "gru",
  .about =
    "Usage: grus gru [OPTION]... WEIGHTS INPUT OUTPUT\n"
    "       grus gru --describe [OPTION]... WEIGHTS [INPUT]\n"
    "Run a GRU over arrays, with the numbers of torch.nn.GRU.\n"
    "\n"
    "WEIGHTS is a .safetensors file with PyTorch's names (weight_ih_l0 and so\n"
    "on), which tell sizes, layers, bias and directions.  INPUT and OUTPUT "
    "are\n"
    ".npy files: (seq, batch, feature), or (seq, feature) for one sequence; "
    "\"-\"\n"
    "is the standard input or output.  The GRU runs in the type of INPUT,\n"
    "float32 or float64; float16 is computed, and written, as float32.\n",
  .options = rows,
  .after   = "Examples:\n"
             "  grus gru --describe gru.safetensors\n"
             "  grus gru --batch-first gru.safetensors x.npy y.npy\n"
             "  grus gru --h-n h1.npy gru.safetensors x1.npy y1.npy\n"
             "  grus gru --h-0 h1.npy gru.safetensors x2.npy y2.npy\n"
             "  grus gru --prefix encoder.rnn. --lengths 5,3,2 all.safetensors "
             "x.npy y.npy\n"
             "\n"
             "Exit status: 0 done, 1 a file is at fault, 2 wrong usage.\n",
  .params  = COMMAND_NO_PARAMS,
};

int
command_gru(const int argc, char** const argv)
{
  Job job;
  memset(&job, 0, sizeof(job));
  job.options.prefix = "";
  say_name("grus gru");
  int code = command_line_parse(&command_line, &job.options, argc, argv);
  if (code) {
    return code == COMMAND_LINE_HELP ? EXIT_OK : code;
  }

  output_file_catch_signals();
  code = take_files(&job.options, argc - optind, argv + optind);
  if (!code) {
    code = run_job(&job);
  }

  job_free(&job);
  return code;
}
