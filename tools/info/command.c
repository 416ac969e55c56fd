// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "info/command.h"

#include "cli/command_line.h"
#include "cli/json_report.h"
#include "cli/json_text.h"
#include "cli/model_file.h"
#include "cli/say.h"
#include "grus/grus.h"
#include "host/clock.h"

#include <getopt.h>
#include <jansson.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// What the command line asks for
typedef struct {
  GrusStorage storage;
  bool        json;
} InfoOptions;

static const CommandOption rows[] = {
  {"json",
   'j',
   NULL,
   "Tell it as JSON",
   command_take_switch,
   offsetof(InfoOptions, json),
   0U},
  {"weights",
   0,
   "NAME",
   "f32 (default), bf16 or int8: how to store weights of GRU and linear "
   "layers; tells the error it makes",
   model_file_take_storage,
   offsetof(InfoOptions, storage),
   0U},
  COMMAND_OPTION_HELP,
};

static const CommandLine command_line = {
  .name = "info",
  .about =
    "Usage: grus info [OPTION]... [FILE]\n"
    "Tell what a model is, what it costs, and whether its self-test passes.\n"
    "\n"
    "FILE may be voice, voice-light or voice-low-latency: the models that "
    "come\n"
    "with Grus. Without it, the default model: $GRUS_MODEL, or voice.\n",
  .options = rows,
  .after   = "Examples:\n"
             "  grus info\n"
             "  grus info voice-low-latency\n"
             "  grus info --json my-model.safetensors\n"
             "  grus info --weights bf16\n"
             "\n"
             "Exit status: 0 the model is good, 1 it is not, 2 wrong usage.\n",
  .params  = COMMAND_NO_PARAMS,
};

/// What is found out by running a model
typedef struct {
  uint32_t latency;          ///< Frames at the model's rate
  double   real_time_factor; ///< On this machine, one channel
} Measured;

/// Run a second of noise, in blocks of 10 ms
static int
measure_speed(const ModelFile* const file, Measured* const measured)
{
  const uint32_t         rate   = grus_model_info(file->model)->sample_rate;
  const GrusStreamConfig config = {rate, 1U, NULL};
  GrusStream*            stream = NULL;
  GrusMessage            message;
  if (grus_stream_new(file->model, &config, &stream, &message)) {
    return say_error(EXIT_FAILED, "model \"%s\": %s", file->path, message.text);
  }

  float        block[480];
  const float* in   = block;
  float*       out  = block;
  double       best = (double)INFINITY;
  for (int round = 0; round < 3; ++round) {
    const double start = clock_seconds();
    for (uint32_t done = 0U; done < rate; done += 480U) {
      for (size_t i = 0U; i < 480U; ++i) {
        block[i] = (float)drand48() - 0.5f;
      }
      grus_stream_process(stream, &in, &out, 480U);
    }
    best = fmin(best, clock_seconds() - start);
  }

  measured->latency          = grus_stream_latency(stream);
  measured->real_time_factor = 1.0 / best;
  grus_stream_free(stream);
  return EXIT_OK;
}

static double
macs_per_second(const GrusModelInfo* const info)
{
  return (double)info->n_macs * info->sample_rate / info->hop;
}

static json_t*
layers_json(const GrusModel* const model)
{
  json_t* const list = json_array();
  for (uint32_t i = 0U; grus_model_layer_name(model, i); ++i) {
    json_array_append_new(list,
                          json_pack("{s:s, s:s}",
                                    "name",
                                    grus_model_layer_name(model, i),
                                    "type",
                                    grus_model_layer_type(model, i)));
  }

  return list;
}

static json_t*
kernels_json(void)
{
  json_t* const list = json_array();
  for (uint32_t i = 0U; grus_kernels_name(i); ++i) {
    json_array_append_new(list, json_string(grus_kernels_name(i)));
  }

  return list;
}

static int
print_json(const ModelFile* const file, const Measured* const measured)
{
  const GrusModelInfo* const info = grus_model_info(file->model);
  json_t* const              json = json_pack(
    "{s:o, s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:i, s:i, s:b, s:I, s:I, s:f, "
                 "s:f, s:o, s:o}",
    "file",
    json_text(file->path),
    "name",
    info->name,
    "description",
    info->description,
    "author",
    info->author,
    "license",
    info->license,
    "kind",
    info->kind == GRUS_KIND_FRAME ? "frame" : "sample",
    "sample_rate",
    (int)info->sample_rate,
    "window",
    (int)info->window,
    "hop",
    (int)info->hop,
    "latency_frames",
    (int)measured->latency,
    "voice_activity",
    (int)info->has_activity,
    "parameters",
    (json_int_t)info->n_parameters,
    "file_size",
    (json_int_t)file->size,
    "macs_per_second",
    macs_per_second(info),
    "real_time_factor",
    measured->real_time_factor,
    "layers",
    layers_json(file->model),
    "kernels",
    kernels_json());
  json_object_set_new(
    json, "weights", json_string(model_file_storage_name(info->storage)));
  if (info->has_self_test) {
    json_object_set_new(
      json, "weights_error", json_real((double)info->storage_error));
    json_object_set_new(json,
                        "self_test",
                        json_pack("{s:s, s:f, s:f, s:i}",
                                  "result",
                                  "passed",
                                  "error",
                                  (double)info->test_error,
                                  "tolerance",
                                  (double)info->test_tolerance,
                                  "samples",
                                  (int)info->test_samples));
  }
  return json_report(json, JSON_INDENT(2) | JSON_REAL_PRECISION(9), stdout);
}

static void
print_layers(const GrusModel* const model)
{
  printf("Layers:\n");
  for (uint32_t i = 0U; grus_model_layer_name(model, i); ++i) {
    printf("  %2u  %-16s %s\n",
           i + 1U,
           grus_model_layer_type(model, i),
           grus_model_layer_name(model, i));
  }
}

static void
print_text(const ModelFile* const file, const Measured* const measured)
{
  const GrusModelInfo* const info = grus_model_info(file->model);
  const double               rate = info->sample_rate;
  char                       path[VISIBLE_SIZE];

  grus_make_visible(path, sizeof(path), file->path);
  printf("%s\n", info->name);
  if (*info->description) {
    printf("%s\n", info->description);
  }
  printf("\nFile:        %s, %zu bytes\n", path, file->size);
  printf("Author:      %s\n", *info->author ? info->author : "not told");
  printf("Licence:     %s\n", *info->license ? info->license : "not told");
  if (info->kind == GRUS_KIND_FRAME) {
    printf(
      "Kind:        frame, window %u and hop %u samples (%.1f and %.1f ms)\n",
      info->window,
      info->hop,
      1e3 * info->window / rate,
      1e3 * info->hop / rate);
  } else {
    printf("Kind:        sample\n");
  }
  printf("Sample rate: %u Hz\n", info->sample_rate);
  printf("Latency:     %u frames (%.1f ms)\n",
         measured->latency,
         1e3 * measured->latency / rate);
  printf("Activity:    %s\n",
         info->has_activity ? "tells voice from pauses" : "not told");
  printf("Parameters:  %llu\n", (unsigned long long)info->n_parameters);
  printf("Cost:        %.1f million multiplications per second of sound\n",
         macs_per_second(info) / 1e6);
  printf("Speed:       %.0f times real time here, one channel on one core\n",
         measured->real_time_factor);
  if (info->has_self_test) {
    printf("Self-test:   passed, %u samples, largest difference %.1e "
           "(tolerance %.0e)\n",
           info->test_samples,
           (double)info->test_error,
           (double)info->test_tolerance);
  } else {
    printf("Self-test:   the file has none\n");
  }
  printf("Weights:     %s", model_file_storage_name(info->storage));
  if (info->has_self_test) {
    printf(", largest difference to the test vector %.1e",
           (double)info->storage_error);
  }
  printf("\nKernels:    ");
  for (uint32_t i = 0U; grus_kernels_name(i); ++i) {
    printf(" %s", grus_kernels_name(i));
  }
  printf("\n");
  print_layers(file->model);
}

int
command_info(const int argc, char** const argv)
{
  InfoOptions options = {GRUS_STORAGE_F32, false};
  say_name("grus info");
  const int usage = command_line_parse(&command_line, &options, argc, argv);
  if (usage) {
    return usage == COMMAND_LINE_HELP ? EXIT_OK : usage;
  }
  if (argc - optind > 1) {
    return say_error(EXIT_USAGE, "one file at a time (try --help)");
  }

  ModelFile file     = {NULL, 0U, NULL};
  Measured  measured = {0U, 0.0};
  int       code     = model_file_load_as(
    optind < argc ? argv[optind] : NULL, options.storage, &file);
  if (!code) {
    code = measure_speed(&file, &measured);
  }
  if (!code && options.json) {
    code = print_json(&file, &measured);
  } else if (!code) {
    print_text(&file, &measured);
  }

  grus_model_free(file.model);
  return code;
}
