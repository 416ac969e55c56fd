// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "bench/options.h"

#include "bench/measure/gru.h"
#include "cli/command_line.h"
#include "cli/model_file.h"
#include "cli/say.h"
#include "grus/grus.h"

#include <getopt.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// Samples first, then analysis frames; with --quick only the first ones
static const GruSize usual_sizes[] = {
  {1U, 16U, 1U, 1U},  {1U, 32U, 1U, 1U},    {1U, 64U, 1U, 1U},
  {1U, 8U, 1U, 1U},   {1U, 12U, 1U, 1U},    {1U, 20U, 1U, 1U},
  {1U, 24U, 1U, 1U},  {1U, 40U, 1U, 1U},    {1U, 48U, 1U, 1U},
  {1U, 80U, 1U, 1U},  {1U, 96U, 1U, 1U},    {1U, 128U, 1U, 1U},
  {1U, 16U, 2U, 1U},  {1U, 32U, 2U, 1U},    {1U, 64U, 2U, 1U},
  {64U, 96U, 1U, 1U}, {128U, 256U, 1U, 1U}, {257U, 384U, 1U, 1U},
  {1U, 8U, 1U, 2U},   {1U, 16U, 1U, 2U},    {1U, 32U, 1U, 2U},
  {1U, 64U, 1U, 2U},  {1U, 96U, 1U, 2U},    {1U, 128U, 1U, 2U},
};

enum { N_QUICK_SIZES = 3 };

static int
take_size(void* const                field,
          const CommandOption* const option,
          const char* const          text)
{
  BenchOptions* const o     = (BenchOptions*)field;
  unsigned long       n[3]  = {0UL, 0UL, 1UL};
  const char*         p     = text;
  size_t              count = 0U;
  bool                ok    = true;
  while (ok && count < 3U) {
    char* end = NULL;
    n[count]  = strtoul(p, &end, 10);
    ok = end != p && *p >= '0' && *p <= '9' && n[count] && n[count] <= 2048UL;
    ++count;
    p = end + 1;
    if (*end != 'x') {
      ok = ok && !*end;
      break;
    }
    ok = ok && count < 3U;
  }
  if (!ok || count < 2U || n[2] > 16UL) {
    return say_error(EXIT_USAGE,
                     "--%s \"%s\" is not INxH or INxHxLAYERS, as 1x32 (sizes "
                     "to 2048, 16 layers)",
                     option->name,
                     text);
  }
  if (o->n_sizes == BENCH_MAX_SIZES) {
    return say_error(EXIT_USAGE, "more than %d sizes", BENCH_MAX_SIZES);
  }

  const GruSize size     = {(uint32_t)n[0], (uint32_t)n[1], (uint32_t)n[2], 1U};
  o->sizes[o->n_sizes++] = size;
  return EXIT_OK;
}

static int
take_weights(void* const                field,
             const CommandOption* const option,
             const char* const          text)
{
  BenchOptions* const o    = (BenchOptions*)field;
  const int           code = model_file_take_storage(&o->storage, option, text);
  o->last                  = o->storage;
  return code;
}

static int
take_streams(void* const                field,
             const CommandOption* const option,
             const char* const          text)
{
  const bool pairs = !strcmp(text, "2");
  *(bool*)field    = pairs;
  return pairs || !strcmp(text, "1")
           ? EXIT_OK
           : say_error(EXIT_USAGE,
                       "--%s \"%s\" is neither 1 nor 2",
                       option->name,
                       text);
}

static int
take_rtneural(void* const                field,
              const CommandOption* const option,
              const char* const          text)
{
  BenchOptions* const o = (BenchOptions*)field;
  if (o->n_rtneural == BENCH_MAX_RTNEURAL) {
    return say_error(EXIT_USAGE,
                     "--%s is given more than %d times",
                     option->name,
                     BENCH_MAX_RTNEURAL);
  }

  o->rtneural[o->n_rtneural++] = text;
  return EXIT_OK;
}

static const CommandOption rows[] = {
  {"gru",
   'g',
   "SIZE",
   "INxH or INxHxLAYERS, one size of GRU; may be given more than once",
   take_size,
   0U,
   0U},
  {"arrays",
   'a',
   NULL,
   "GRUs over whole arrays, as grus gru runs them",
   command_take_switch,
   offsetof(BenchOptions, arrays),
   0U},
  {"streams",
   0,
   "N",
   "1 or 2 that share their weights, for --gru",
   take_streams,
   offsetof(BenchOptions, pairs),
   0U},
  {"weights",
   0,
   "NAME",
   "f32, bf16 or int8 only (default: all)",
   take_weights,
   0U,
   0U},
  {"kernels",
   0,
   "NAME",
   "One kernel variant, and the scalar one",
   command_take_text,
   offsetof(BenchOptions, kernels),
   0U},
  {"no-peer",
   0,
   NULL,
   "Run neither PyTorch nor ONNX Runtime",
   command_take_switch,
   offsetof(BenchOptions, no_peer),
   0U},
  {"rtneural",
   0,
   "PATH",
   "A program with RTNeural; may be given more than once",
   take_rtneural,
   0U,
   0U},
  {"quick",
   'q',
   NULL,
   "Fewer sizes, rounds and steps: some seconds",
   command_take_switch,
   offsetof(BenchOptions, quick),
   0U},
  {"json",
   'j',
   NULL,
   "Tell it as JSON",
   command_take_switch,
   offsetof(BenchOptions, json),
   0U},
  COMMAND_OPTION_HELP,
};

static const CommandLine command_line = {
  .name = "bench",
  .about =
    "Usage: grus bench [OPTION]... [FILE]...\n"
    "Measure how fast and how exact the kernels are on this machine.\n"
    "\n"
    "Without --gru, --arrays and FILE, all of these: a range of GRU sizes,\n"
    "whole arrays and the default model.\n"
    "Everything takes turns on one core; the best and the median are told.\n",
  .options = rows,
  .after   = "Examples:\n"
             "  grus bench\n"
             "  grus bench --quick\n"
             "  grus bench --gru 1x32 --gru 1x16x2 --kernels avx2\n"
             "  grus bench --json my-model.safetensors\n"
             "\n"
             "Exit status: 0 done, 1 a model is at fault, 2 wrong usage.\n",
  .params  = COMMAND_NO_PARAMS,
};

/// What is measured if nothing is named
static void
choose_usual(BenchOptions* const o)
{
  const size_t n = o->quick ? (size_t)N_QUICK_SIZES
                            : sizeof(usual_sizes) / sizeof(usual_sizes[0]);
  memcpy(o->sizes, usual_sizes, n * sizeof(GruSize));
  o->n_sizes = n;
  o->n_paths = 1U; // Null is the default model
  o->arrays  = true;
}

int
bench_options_parse(BenchOptions* const o, const int argc, char** const argv)
{
  memset(o, 0, sizeof(*o));
  o->last = GRUS_STORAGE_INT8;

  const int code = command_line_parse(&command_line, o, argc, argv);
  if (code) {
    return code;
  }
  for (int i = optind; i < argc; ++i) {
    if (o->n_paths == BENCH_MAX_MODELS) {
      return say_error(EXIT_USAGE, "more than %d models", BENCH_MAX_MODELS);
    }
    o->paths[o->n_paths++] = argv[i];
  }
  for (size_t s = 0U; s < o->n_sizes && o->pairs; ++s) {
    o->sizes[s].streams = 2U;
  }
  if (!o->n_sizes && !o->n_paths && !o->arrays) {
    choose_usual(o);
  }

  return EXIT_OK;
}
