// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "render/options.h"

#include "cli/count_option.h"
#include "cli/param_options.h"
#include "cli/say.h"
#include "files/output.h"
#include "grus/grus.h"
#include "host/model_file.h"
#include "sound/raw_format.h"

#include <getopt.h>

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
  "Usage: grus render [OPTION]... IN OUT\n"
  "Clean the voice in sound file IN and write it to OUT.\n"
  "\n"
  "IN and OUT may be \"-\" for the standard input and output.\n"
  "A file that is OUT is replaced when the new one is whole.\n"
  "OUT has the rate, channels, length and metadata of IN and is aligned to "
  "it.\n"
  "\n"
  "  -r, --reduction DB    The most that is taken away (default 100: all)\n"
  "      --preset NAME     gentle, podcast, call, strong or gate; other "
  "options\n"
  "                        win over it\n"
  "  -l, --listen WHAT     clean (default) or removed: what was taken away\n"
  "  -m, --model FILE      Another model: a file, voice-light or\n"
  "                        voice-low-latency (default: $GRUS_MODEL, or voice)\n"
  "  -f, --format NAME     wav, rf64, w64, aiff, au, caf, flac, ogg, opus, "
  "mp3\n"
  "                        or raw (default: OUT's ending, or as IN)\n"
  "  -b, --bits N          16, 24, 32 or float (default: as IN)\n"
  "      --rate HZ         Sample rate of OUT (default: as IN, or the next "
  "that\n"
  "                        the format has)\n"
  "      --quality Q       Of ogg, opus and mp3, from 0 to 1: larger is "
  "better;\n"
  "                        of flac: larger is smaller\n"
  "  -p, --picture FILE    Draw spectrograms before and after, PNG\n"
  "  -a, --activity FILE   Write voice activity over time, CSV\n"
  "  -n, --no-clobber      Refuse to replace a file\n"
  "      --force           Clean IN in place if it is OUT; replace read-only\n"
  "                        files too\n"
  "  -j, --json            Report as JSON\n"
  "  -q, --quiet           Neither report nor progress\n"
  "      --kernels NAME    Use one kernel variant (see grus info)\n"
  "      --weights NAME    f32 (default), bf16 or int8: faster if large\n"
  "      --block N         Frames per call (default: 10 ms; any N gives the\n"
  "                        same sound)\n"
  "      --warm-up MS      Have the model hear so much of the beginning "
  "before\n"
  "                        it begins, for a recording that starts in a word\n"
  "      --raw-rate HZ     IN is raw: samples without a header, at this rate\n"
  "      --raw-channels N  Channels of a raw IN (default 1)\n"
  "      --raw-format FMT  Numbers of a raw IN or OUT: s16, s24, s32, f32\n"
  "                        (default) or f64, little endian, or as s16be; u8, "
  "s8,\n"
  "                        u-law or a-law\n"
  "  -h, --help            Show this\n"
  "\n"
  "Examples:\n"
  "  grus render noisy.wav clean.wav\n"
  "  grus render --reduction 18 interview.flac softer.flac\n"
  "  grus render --listen removed noisy.wav what-was-removed.wav\n"
  "  grus render --warm-up 1000 cut.wav clean.wav\n"
  "  grus render --picture both.png --json talk.wav talk-clean.wav\n"
  "  grus render film.m4a clean.wav\n"
  "  arecord -f S16_LE -r 48000 -t raw | grus render --raw-rate 48000 \\\n"
  "    --raw-format s16 - clean.wav\n"
  "  sox talk.mp3 -t wav - | grus render - - | aplay\n"
  "\n"
  "Exit status: 0 done, 1 a file or model is at fault, 2 wrong usage.\n";

enum {
  OPTION_FORCE = 256,
  OPTION_KERNELS,
  OPTION_WEIGHTS,
  OPTION_BLOCK,
  OPTION_WARM_UP,
  OPTION_PRESET,
  OPTION_RATE,
  OPTION_QUALITY,
  OPTION_RAW_RATE,
  OPTION_RAW_CHANNELS,
  OPTION_RAW_FORMAT,
};

static const struct option long_options[] = {
  {"model", required_argument, NULL, 'm'},
  {"format", required_argument, NULL, 'f'},
  {"bits", required_argument, NULL, 'b'},
  {"preset", required_argument, NULL, OPTION_PRESET},
  {"rate", required_argument, NULL, OPTION_RATE},
  {"quality", required_argument, NULL, OPTION_QUALITY},
  {"picture", required_argument, NULL, 'p'},
  {"activity", required_argument, NULL, 'a'},
  {"no-clobber", no_argument, NULL, 'n'},
  {"force", no_argument, NULL, OPTION_FORCE},
  {"json", no_argument, NULL, 'j'},
  {"quiet", no_argument, NULL, 'q'},
  {"kernels", required_argument, NULL, OPTION_KERNELS},
  {"weights", required_argument, NULL, OPTION_WEIGHTS},
  {"block", required_argument, NULL, OPTION_BLOCK},
  {"warm-up", required_argument, NULL, OPTION_WARM_UP},
  {"raw-rate", required_argument, NULL, OPTION_RAW_RATE},
  {"raw-channels", required_argument, NULL, OPTION_RAW_CHANNELS},
  {"raw-format", required_argument, NULL, OPTION_RAW_FORMAT},
  {"help", no_argument, NULL, 'h'},
  {NULL, 0, NULL, 0},
};

static int
parse_param(RenderOptions* const o, const uint32_t param)
{
  return param_option_parse(param, optarg, &o->params[param]);
}

static int
parse_quality(RenderOptions* const o)
{
  char* end  = NULL;
  o->quality = strtof(optarg, &end);
  return end != optarg && !*end && o->quality >= 0.0f && o->quality <= 1.0f
           ? EXIT_OK
           : say_error(EXIT_USAGE,
                       "--quality \"%s\" is not a number from 0 to 1",
                       optarg);
}

static int
set_policy(RenderOptions* const o, const OutputPolicy policy)
{
  if (o->policy != OUTPUT_REPLACE && o->policy != policy) {
    return say_error(EXIT_USAGE, "--no-clobber and --force: give one");
  }

  o->policy = policy;
  return EXIT_OK;
}

static void
show_help(void)
{
  fputs(help, stdout);
  puts("\nParameters, as in the plugin:");
  param_options_help();
}

static int
parse_option(RenderOptions* const o, const int option)
{
  if (option >= PARAM_OPTION) {
    return parse_param(o, (uint32_t)(option - PARAM_OPTION));
  }

  switch (option) {
  case 'r':
    return parse_param(o, GRUS_PARAM_REDUCTION);
  case 'l':
    return parse_param(o, GRUS_PARAM_LISTEN);
  case 'm':
    o->model = optarg;
    return EXIT_OK;
  case 'f':
    o->format = optarg;
    return EXIT_OK;
  case 'b':
    o->bits = optarg;
    return EXIT_OK;
  case 'p':
    o->picture = optarg;
    return EXIT_OK;
  case 'a':
    o->activity = optarg;
    return EXIT_OK;
  case 'n':
    return set_policy(o, OUTPUT_NO_CLOBBER);
  case OPTION_FORCE:
    return set_policy(o, OUTPUT_FORCE);
  case 'j':
    o->json = true;
    return EXIT_OK;
  case 'q':
    o->quiet = true;
    return EXIT_OK;
  case OPTION_KERNELS:
    o->kernels = optarg;
    return EXIT_OK;
  case OPTION_WEIGHTS:
    return model_file_parse_weights(optarg, &o->weights);
  case OPTION_BLOCK:
    return count_option_parse("block", optarg, 1U << 20U, &o->block);
  case OPTION_WARM_UP:
    return count_option_parse(
      "warm-up", optarg, RENDER_MAX_WARM_UP, &o->warm_up);
  case OPTION_PRESET:
    o->preset = optarg;
    return EXIT_OK;
  case OPTION_RATE:
    return count_option_parse("rate", optarg, GRUS_MAX_SAMPLE_RATE, &o->rate);
  case OPTION_QUALITY:
    return parse_quality(o);
  case OPTION_RAW_RATE:
    return count_option_parse(
      "raw-rate", optarg, GRUS_MAX_SAMPLE_RATE, &o->raw.sample_rate);
  case OPTION_RAW_CHANNELS:
    return count_option_parse(
      "raw-channels", optarg, GRUS_MAX_CHANNELS, &o->raw.n_channels);
  case OPTION_RAW_FORMAT:
    return raw_format_parse(optarg, &o->raw.numbers);
  case 'h':
    show_help();
    return RENDER_OPTIONS_HELP;
  default:
    return say_error(EXIT_USAGE, "try grus render --help");
  }
}

SoundFormatWish
render_options_wish(const RenderOptions* const o)
{
  const bool            piped = !strcmp(o->out, "-") && !o->format;
  const SoundFormatWish wish  = {
     o->out, piped ? "wav" : o->format, o->bits, o->rate};
  return wish;
}

int
render_options_parse(RenderOptions* const options,
                     const int            argc,
                     char** const         argv)
{
  memset(options, 0, sizeof(*options));
  options->raw.n_channels = 1U;
  options->quality        = NAN;
  param_options_clear(options->params);

  struct option all_options[MAX_LONG_OPTIONS];
  param_options_list(long_options, all_options);

  int code   = EXIT_OK;
  int option = 0;
  while (!code &&
         (option = getopt_long(
            argc, argv, "r:l:m:f:b:p:a:njqh", all_options, NULL)) >= 0) {
    code = parse_option(options, option);
  }
  if (code) {
    return code;
  }
  if (argc - optind > 2) {
    return say_error(EXIT_USAGE,
                     "one input and one output at a time; for many: for f in "
                     "*.wav; do grus render \"$f\" \"clean/$f\"; done");
  }
  if (argc - optind != 2) {
    return say_error(EXIT_USAGE,
                     "one input and one output are needed (try --help)");
  }

  options->in  = argv[optind];
  options->out = argv[optind + 1];
  return EXIT_OK;
}
