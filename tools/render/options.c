// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "render/options.h"

#include "cli/command_line.h"
#include "cli/model_file.h"
#include "cli/say.h"
#include "files/output.h"
#include "grus/grus.h"
#include "sound/raw_format.h"

#include <getopt.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
take_quality(void* const                field,
             const CommandOption* const option,
             const char* const          text)
{
  float* const quality = (float*)field;
  char*        end     = NULL;
  *quality             = strtof(text, &end);
  return end != text && !*end && *quality >= 0.0f && *quality <= 1.0f
           ? EXIT_OK
           : say_error(EXIT_USAGE,
                       "--%s \"%s\" is not a number from 0 to 1",
                       option->name,
                       text);
}

static int
take_policy(void* const                field,
            const CommandOption* const option,
            const char* const          text)
{
  OutputPolicy* const policy = (OutputPolicy*)field;
  const OutputPolicy  wanted = (OutputPolicy)option->number;
  (void)text;
  if (*policy != OUTPUT_REPLACE && *policy != wanted) {
    return say_error(EXIT_USAGE, "--no-clobber and --force: give one");
  }

  *policy = wanted;
  return EXIT_OK;
}

static int
take_raw_format(void* const                field,
                const CommandOption* const option,
                const char* const          text)
{
  (void)option;
  return raw_format_parse(text, (int*)field);
}

static const CommandOption rows[] = {
  {"reduction",
   'r',
   "DB",
   "The most that is taken away (default 100: all)",
   command_take_param,
   offsetof(RenderOptions, params),
   GRUS_PARAM_REDUCTION},
  {"preset",
   0,
   "NAME",
   "gentle, podcast, call, strong or gate; other options win over it",
   command_take_text,
   offsetof(RenderOptions, preset),
   0U},
  {"listen",
   'l',
   "WHAT",
   "clean (default) or removed: what was taken away",
   command_take_param,
   offsetof(RenderOptions, params),
   GRUS_PARAM_LISTEN},
  {"model",
   'm',
   "FILE",
   "Another model: a file, voice-light or voice-low-latency (default: "
   "$GRUS_MODEL, or voice)",
   command_take_text,
   offsetof(RenderOptions, model),
   0U},
  {"format",
   'f',
   "NAME",
   "wav, rf64, w64, aiff, au, caf, flac, ogg, opus, mp3 or raw; through ffmpeg "
   "mkv, mka, webm, mp4, m4v, m4a, m4b, mov or avi (default: OUT's ending, or "
   "as IN)",
   command_take_text,
   offsetof(RenderOptions, format),
   0U},
  {"bits",
   'b',
   "N",
   "16, 24, 32 or float (default: as IN)",
   command_take_text,
   offsetof(RenderOptions, bits),
   0U},
  {"rate",
   0,
   "HZ",
   "Sample rate of OUT (default: as IN, or the next that the format has)",
   command_take_count,
   offsetof(RenderOptions, rate),
   GRUS_MAX_SAMPLE_RATE},
  {"quality",
   0,
   "Q",
   "Of ogg, opus, mp3 and what ffmpeg writes, from 0 to 1: larger is better; "
   "of flac: larger is smaller",
   take_quality,
   offsetof(RenderOptions, quality),
   0U},
  {"picture",
   'p',
   "FILE",
   "Draw spectrograms before and after, PNG",
   command_take_text,
   offsetof(RenderOptions, picture),
   0U},
  {"activity",
   'a',
   "FILE",
   "Write voice activity over time, CSV",
   command_take_text,
   offsetof(RenderOptions, activity),
   0U},
  {"no-clobber",
   'n',
   NULL,
   "Refuse to replace a file",
   take_policy,
   offsetof(RenderOptions, policy),
   OUTPUT_NO_CLOBBER},
  {"force",
   0,
   NULL,
   "Clean IN in place if it is OUT; replace read-only files too",
   take_policy,
   offsetof(RenderOptions, policy),
   OUTPUT_FORCE},
  {"json",
   'j',
   NULL,
   "Report as JSON",
   command_take_switch,
   offsetof(RenderOptions, json),
   0U},
  {"quiet",
   'q',
   NULL,
   "Neither report nor progress",
   command_take_switch,
   offsetof(RenderOptions, quiet),
   0U},
  {"kernels",
   0,
   "NAME",
   "Use one kernel variant (see grus info)",
   command_take_text,
   offsetof(RenderOptions, kernels),
   0U},
  {"weights",
   0,
   "NAME",
   "f32 (default), bf16 or int8: faster if large",
   model_file_take_storage,
   offsetof(RenderOptions, storage),
   0U},
  {"block",
   0,
   "N",
   "Frames per call (default: 10 ms; any N gives the same sound)",
   command_take_count,
   offsetof(RenderOptions, block),
   1U << 20U},
  {"warm-up",
   0,
   "MS",
   "Have the model hear so much of the beginning before it begins, for a "
   "recording that starts in a word",
   command_take_count,
   offsetof(RenderOptions, warm_up),
   RENDER_MAX_WARM_UP},
  {"raw-rate",
   0,
   "HZ",
   "IN is raw: samples without a header, at this rate",
   command_take_count,
   offsetof(RenderOptions, raw.sample_rate),
   GRUS_MAX_SAMPLE_RATE},
  {"raw-channels",
   0,
   "N",
   "Channels of a raw IN (default 1)",
   command_take_count,
   offsetof(RenderOptions, raw.n_channels),
   GRUS_MAX_CHANNELS},
  {"raw-format",
   0,
   "FMT",
   "Numbers of a raw IN or OUT: s16, s24, s32, f32 (default) or f64, little "
   "endian, or as s16be; u8, s8, u-law or a-law",
   take_raw_format,
   offsetof(RenderOptions, raw.numbers),
   0U},
  COMMAND_OPTION_HELP,
};

static const CommandLine command_line = {
  .name    = "render",
  .about   = "Usage: grus render [OPTION]... IN OUT\n"
             "Clean the voice in sound file IN and write it to OUT.\n"
             "\n"
             "IN and OUT may be \"-\" for the standard input and output.\n"
             "A file that is OUT is replaced when the new one is whole.\n"
             "OUT has the rate, channels, length and metadata of IN and is "
             "aligned to it.\n",
  .options = rows,
  .after =
    "Examples:\n"
    "  grus render noisy.wav clean.wav\n"
    "  grus render --reduction 18 interview.flac softer.flac\n"
    "  grus render --listen removed noisy.wav what-was-removed.wav\n"
    "  grus render --warm-up 1000 cut.wav clean.wav\n"
    "  grus render --picture both.png --json talk.wav talk-clean.wav\n"
    "  grus render film.mkv clean.mkv\n"
    "  arecord -f S16_LE -r 48000 -t raw | grus render --raw-rate 48000 \\\n"
    "    --raw-format s16 - clean.wav\n"
    "  sox talk.mp3 -t wav - | grus render - - | aplay\n"
    "\n"
    "Exit status: 0 done, 1 a file or model is at fault, 2 wrong usage.\n",
  .params = offsetof(RenderOptions, params),
};

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
  const int code = command_line_parse(&command_line, options, argc, argv);
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
