// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/options.h"

#include "cli/count_option.h"
#include "cli/param_options.h"
#include "cli/say.h"
#include "files/output.h"
#include "files/place.h"
#include "grus/grus.h"
#include "sound/format.h"

#include <getopt.h>
#include <unistd.h>

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char help[] =
  "Usage: grus live [OPTION]...\n"
  "Clean the sound of a microphone while it is spoken.\n"
  "\n"
  "  -i, --input DEVICE    Number, name or part of a name (see grus devices)\n"
  "  -o, --output DEVICE   Likewise, or none to play nothing\n"
  "  -f, --file FILE       Play a sound file as if it were the microphone\n"
  "  -R, --record FILE     Write dry and clean sound into a file; if there is\n"
  "                        one, into the next: take-2.wav after take.wav\n"
  "      --force           Record over a file\n"
  "  -p, --preset NAME     gentle, podcast, call, strong or gate\n"
  "  -r, --reduction DB    The most that is taken away (default 100: all)\n"
  "  -l, --listen WHAT     clean (default) or removed: what was taken away\n"
  "  -m, --model FILE      Another model: a file, voice-light or\n"
  "                        voice-low-latency; several, to choose from\n"
  "  -w, --watch           Load the model again whenever its file changes\n"
  "  -d, --duration S      End after so many seconds\n"
  "      --rate HZ         Sample rate (default: the device's or the file's)\n"
  "      --block N         Frames per block (default: the device's)\n"
  "      --channels N      Channels (default: 1 or 2, as the devices have)\n"
  "      --kernels NAME    Use one kernel variant (see grus info)\n"
  "  -j, --json            A line of JSON a second\n"
  "      --plain           Lines of text, even on a terminal\n"
  "  -q, --quiet           Show nothing but errors\n"
  "  -v, --verbose         Show what the audio libraries say too\n"
  "      --pipewire-config Print a configuration that gives PipeWire a\n"
  "                        microphone called Grus\n"
  "  -h, --help            Show this\n"
  "\n"
  "Keys on a terminal: h tells them all, q ends.\n"
  "\n"
  "Examples:\n"
  "  grus live\n"
  "  grus live --preset podcast --record take.wav\n"
  "  grus live --input usb --output headphones --reduction 24\n"
  "  grus live --model voice-low-latency\n"
  "  grus live --file noisy.wav --json\n"
  "\n"
  "Exit status: 0 ended as asked, 1 a device, file or model is at fault, 2\n"
  "wrong usage.\n";

enum {
  OPTION_RATE = 256,
  OPTION_BLOCK,
  OPTION_CHANNELS,
  OPTION_FORCE,
  OPTION_KERNELS,
  OPTION_PLAIN,
  OPTION_PIPEWIRE_CONFIG,
};

static const struct option long_options[] = {
  {"input", required_argument, NULL, 'i'},
  {"output", required_argument, NULL, 'o'},
  {"file", required_argument, NULL, 'f'},
  {"record", required_argument, NULL, 'R'},
  {"force", no_argument, NULL, OPTION_FORCE},
  {"preset", required_argument, NULL, 'p'},
  {"model", required_argument, NULL, 'm'},
  {"watch", no_argument, NULL, 'w'},
  {"duration", required_argument, NULL, 'd'},
  {"rate", required_argument, NULL, OPTION_RATE},
  {"block", required_argument, NULL, OPTION_BLOCK},
  {"channels", required_argument, NULL, OPTION_CHANNELS},
  {"kernels", required_argument, NULL, OPTION_KERNELS},
  {"json", no_argument, NULL, 'j'},
  {"plain", no_argument, NULL, OPTION_PLAIN},
  {"quiet", no_argument, NULL, 'q'},
  {"verbose", no_argument, NULL, 'v'},
  {"pipewire-config", no_argument, NULL, OPTION_PIPEWIRE_CONFIG},
  {"help", no_argument, NULL, 'h'},
  {NULL, 0, NULL, 0},
};

static int
parse_duration(LiveOptions* const o)
{
  char* end   = NULL;
  o->duration = strtod(optarg, &end);
  return end != optarg && !*end && o->duration > 0.0 && isfinite(o->duration)
           ? EXIT_OK
           : say_error(EXIT_USAGE,
                       "--duration \"%s\" is not a number of seconds",
                       optarg);
}

static int
add_model(LiveOptions* const o)
{
  if (o->n_models == LIVE_MAX_MODELS) {
    return say_error(
      EXIT_USAGE, "at most %d models can be named", LIVE_MAX_MODELS);
  }

  o->models[o->n_models++] = optarg;
  return EXIT_OK;
}

static void
show_help(void)
{
  fputs(help, stdout);
  puts("\nParameters, as in the plugin:");
  param_options_help();
}

/// Parse an option that takes no value
static int
parse_switch(LiveOptions* const o, const int option)
{
  switch (option) {
  case 'w':
    o->watch = true;
    return EXIT_OK;
  case 'j':
    o->json = true;
    return EXIT_OK;
  case OPTION_FORCE:
    o->record_policy = OUTPUT_FORCE;
    return EXIT_OK;
  case OPTION_PLAIN:
    o->plain = true;
    return EXIT_OK;
  case 'q':
    o->quiet = true;
    return EXIT_OK;
  case 'v':
    o->verbose = true;
    return EXIT_OK;
  case OPTION_PIPEWIRE_CONFIG:
    o->pipewire_config = true;
    return EXIT_OK;
  case 'h':
    show_help();
    return LIVE_OPTIONS_HELP;
  default:
    return say_error(EXIT_USAGE, "try grus live --help");
  }
}

static int
parse_param(LiveOptions* const o, const uint32_t param)
{
  return param_option_parse(param, optarg, &o->params[param]);
}

static int
parse_option(LiveOptions* const o, const int option)
{
  if (option >= PARAM_OPTION) {
    return parse_param(o, (uint32_t)(option - PARAM_OPTION));
  }

  switch (option) {
  case 'i':
    o->input = optarg;
    return EXIT_OK;
  case 'o':
    o->output = optarg;
    return EXIT_OK;
  case 'f':
    o->file = optarg;
    return EXIT_OK;
  case 'R':
    o->record = optarg;
    return EXIT_OK;
  case 'p':
    o->preset = optarg;
    return EXIT_OK;
  case 'm':
    return add_model(o);
  case 'd':
    return parse_duration(o);
  case 'r':
    return parse_param(o, GRUS_PARAM_REDUCTION);
  case 'l':
    return parse_param(o, GRUS_PARAM_LISTEN);
  case OPTION_RATE:
    return count_option_parse(
      "rate", optarg, GRUS_MAX_SAMPLE_RATE, &o->sample_rate);
  case OPTION_BLOCK:
    return count_option_parse("block", optarg, 1U << 16U, &o->block);
  case OPTION_CHANNELS:
    return count_option_parse(
      "channels", optarg, GRUS_MAX_CHANNELS, &o->n_channels);
  case OPTION_KERNELS:
    o->kernels = optarg;
    return EXIT_OK;
  default:
    return parse_switch(o, option);
  }
}

/// Refuse what cannot be played and recorded
static int
check_files(const LiveOptions* const o)
{
  if (o->file && o->input) {
    return say_error(EXIT_USAGE,
                     "--file plays in the place of --input: give one");
  }
  if (o->file && o->record &&
      place_is_shared(o->file, STDIN_FILENO, o->record, STDOUT_FILENO)) {
    return say_error(
      EXIT_USAGE, "--file and --record name one file, \"%s\"", o->record);
  }

  const SoundFormatWish wish = {o->record, NULL, NULL, 0U};
  return o->record ? sound_format_check(&wish) : EXIT_OK;
}

int
live_options_parse(LiveOptions* const options,
                   const int          argc,
                   char** const       argv)
{
  memset(options, 0, sizeof(*options));
  param_options_clear(options->params);

  struct option all_options[MAX_LONG_OPTIONS];
  param_options_list(long_options, all_options);

  int code   = EXIT_OK;
  int option = 0;
  while (!code &&
         (option = getopt_long(
            argc, argv, "i:o:f:R:p:r:l:m:wd:jqvh", all_options, NULL)) >= 0) {
    code = parse_option(options, option);
  }
  if (!code && optind != argc) {
    code = say_error(
      EXIT_USAGE, "\"%s\" is not an option (try --help)", argv[optind]);
  }
  return code ? code : check_files(options);
}
