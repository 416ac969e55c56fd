// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/options.h"

#include "cli/command_line.h"
#include "cli/say.h"
#include "files/output.h"
#include "files/place.h"
#include "grus/grus.h"
#include "sound/format.h"

#include <getopt.h>
#include <unistd.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
take_duration(void* const                field,
              const CommandOption* const option,
              const char* const          text)
{
  double* const duration = (double*)field;
  char*         end      = NULL;
  *duration              = strtod(text, &end);
  return end != text && !*end && *duration > 0.0 && isfinite(*duration)
           ? EXIT_OK
           : say_error(EXIT_USAGE,
                       "--%s \"%s\" is not a number of seconds",
                       option->name,
                       text);
}

static int
take_model(void* const                field,
           const CommandOption* const option,
           const char* const          text)
{
  LiveOptions* const o = (LiveOptions*)field;
  (void)option;
  if (o->n_models == LIVE_MAX_MODELS) {
    return say_error(
      EXIT_USAGE, "at most %d models can be named", LIVE_MAX_MODELS);
  }

  o->models[o->n_models++] = text;
  return EXIT_OK;
}

static int
take_force(void* const                field,
           const CommandOption* const option,
           const char* const          text)
{
  (void)option;
  (void)text;
  *(OutputPolicy*)field = OUTPUT_FORCE;
  return EXIT_OK;
}

static const CommandOption rows[] = {
  {"input",
   'i',
   "DEVICE",
   "Number, name or part of a name (see grus devices)",
   command_take_text,
   offsetof(LiveOptions, input),
   0U},
  {"output",
   'o',
   "DEVICE",
   "Likewise, or none to play nothing",
   command_take_text,
   offsetof(LiveOptions, output),
   0U},
  {"file",
   'f',
   "FILE",
   "Play a sound file as if it were the microphone",
   command_take_text,
   offsetof(LiveOptions, file),
   0U},
  {"record",
   'R',
   "FILE",
   "Write dry and clean sound into a file; if there is one, into the next: "
   "take-2.wav after take.wav",
   command_take_text,
   offsetof(LiveOptions, record),
   0U},
  {"force",
   0,
   NULL,
   "Record over a file",
   take_force,
   offsetof(LiveOptions, record_policy),
   0U},
  {"preset",
   'p',
   "NAME",
   "gentle, podcast, call, strong or gate",
   command_take_text,
   offsetof(LiveOptions, preset),
   0U},
  {"reduction",
   'r',
   "DB",
   "The most that is taken away (default 100: all)",
   command_take_param,
   offsetof(LiveOptions, params),
   GRUS_PARAM_REDUCTION},
  {"listen",
   'l',
   "WHAT",
   "clean (default) or removed: what was taken away",
   command_take_param,
   offsetof(LiveOptions, params),
   GRUS_PARAM_LISTEN},
  {"model",
   'm',
   "FILE",
   "Another model: a file, voice-light or voice-low-latency; several, to "
   "choose from",
   take_model,
   0U,
   0U},
  {"watch",
   'w',
   NULL,
   "Load the model again whenever its file changes",
   command_take_switch,
   offsetof(LiveOptions, watch),
   0U},
  {"duration",
   'd',
   "S",
   "End after so many seconds",
   take_duration,
   offsetof(LiveOptions, duration),
   0U},
  {"control",
   0,
   "PATH",
   "Make a socket through which grus ctl tells it what to do",
   command_take_text,
   offsetof(LiveOptions, control),
   0U},
  {"rate",
   0,
   "HZ",
   "Sample rate (default: the device's or the file's)",
   command_take_count,
   offsetof(LiveOptions, sample_rate),
   GRUS_MAX_SAMPLE_RATE},
  {"block",
   0,
   "N",
   "Frames per block (default: the device's)",
   command_take_count,
   offsetof(LiveOptions, block),
   1U << 16U},
  {"channels",
   0,
   "N",
   "Channels (default: 1 or 2, as the devices have)",
   command_take_count,
   offsetof(LiveOptions, n_channels),
   GRUS_MAX_CHANNELS},
  {"kernels",
   0,
   "NAME",
   "Use one kernel variant (see grus info)",
   command_take_text,
   offsetof(LiveOptions, kernels),
   0U},
  {"json",
   'j',
   NULL,
   "A line of JSON a second",
   command_take_switch,
   offsetof(LiveOptions, json),
   0U},
  {"plain",
   0,
   NULL,
   "Lines of text, even on a terminal",
   command_take_switch,
   offsetof(LiveOptions, plain),
   0U},
  {"quiet",
   'q',
   NULL,
   "Show nothing but errors",
   command_take_switch,
   offsetof(LiveOptions, quiet),
   0U},
  {"verbose",
   'v',
   NULL,
   "Show what the audio libraries say too",
   command_take_switch,
   offsetof(LiveOptions, verbose),
   0U},
  {"pipewire-config",
   0,
   NULL,
   "Print a configuration that gives PipeWire a microphone called Grus",
   command_take_switch,
   offsetof(LiveOptions, pipewire_config),
   0U},
  {"install",
   0,
   NULL,
   "Put that configuration where PipeWire looks for it",
   command_take_switch,
   offsetof(LiveOptions, install),
   0U},
  {"remove",
   0,
   NULL,
   "Remove it from there",
   command_take_switch,
   offsetof(LiveOptions, remove),
   0U},
  COMMAND_OPTION_HELP,
};

static const CommandLine command_line = {
  .name    = "live",
  .about   = "Usage: grus live [OPTION]...\n"
             "Clean the sound of a microphone while it is spoken.\n",
  .options = rows,
  .after =
    "Keys on a terminal: h tells them all, q ends.\n"
    "\n"
    "Examples:\n"
    "  grus live\n"
    "  grus live --preset podcast --record take.wav\n"
    "  grus live --input usb --output headphones --reduction 24\n"
    "  grus live --model voice-low-latency\n"
    "  grus live --file noisy.wav --json\n"
    "  grus live --control ~/grus & grus ctl ~/grus bypass on\n"
    "\n"
    "Exit status: 0 ended as asked, 1 a device, file or model is at fault, 2\n"
    "wrong usage.\n",
  .params = offsetof(LiveOptions, params),
};

/// Refuse what cannot be played and recorded
static int
check_files(const LiveOptions* const o)
{
  if (o->file && o->input) {
    return say_error(EXIT_USAGE,
                     "--file plays in the place of --input: give one");
  }
  if ((o->install || o->remove) && !o->pipewire_config) {
    return say_error(EXIT_USAGE,
                     "--install and --remove belong to --pipewire-config");
  }
  if (o->install && o->remove) {
    return say_error(EXIT_USAGE, "--install or --remove: give one");
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
  int code = command_line_parse(&command_line, options, argc, argv);
  if (!code && optind != argc) {
    code = say_error(
      EXIT_USAGE, "\"%s\" is not an option (try --help)", argv[optind]);
  }
  return code ? code : check_files(options);
}
