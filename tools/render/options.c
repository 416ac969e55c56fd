// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "render/options.h"

#include "cli/command_line.h"
#include "cli/model_file.h"
#include "cli/say.h"
#include "files/output.h"
#include "grus/grus.h"
#include "render/batch/report/table.h"
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

static int
take_include(void* const                field,
             const CommandOption* const option,
             const char* const          text)
{
  BatchOptions* const batch = (BatchOptions*)field;
  if (batch->n_include == BATCH_MAX_INCLUDE) {
    return say_error(EXIT_USAGE,
                     "--%s: at most %d patterns (or name the files in a list, "
                     "--files-from)",
                     option->name,
                     (int)BATCH_MAX_INCLUDE);
  }

  batch->include[batch->n_include++] = text;
  return EXIT_OK;
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
   "mkv, mka, webm, mp4, m4v, m4a, m4b, mov, avi or ts (default: OUT's ending, "
   "or "
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
  {"output-dir",
   'o',
   "DIR",
   "Render many files into this folder: files, what is in folders, lists",
   command_take_text,
   offsetof(RenderOptions, batch.folder),
   0U},
  {"recursive",
   0,
   NULL,
   "Folders in folders too; they are kept below DIR",
   command_take_switch,
   offsetof(RenderOptions, batch.recursive),
   0U},
  {"include",
   0,
   "PATTERN",
   "Of folders take only names like this, as '*.wav'; may be repeated "
   "(default: all endings of sound files)",
   take_include,
   offsetof(RenderOptions, batch),
   0U},
  {"files-from",
   0,
   "FILE",
   "Read names of inputs from FILE or - , one in each line or as find -print0 "
   "writes them",
   command_take_text,
   offsetof(RenderOptions, batch.list),
   0U},
  {"jobs",
   'J',
   "N",
   "Files at a time (default: the number of cores)",
   command_take_count,
   offsetof(RenderOptions, batch.jobs),
   1024U},
  {"journal",
   0,
   "FILE",
   "Keep the journal here (default: DIR/grus-render.jsonl); one for each of "
   "several calls that share DIR",
   command_take_text,
   offsetof(RenderOptions, batch.journal),
   0U},
  {"dry-run",
   0,
   NULL,
   "Tell which files would be rendered, and do nothing",
   command_take_switch,
   offsetof(RenderOptions, batch.dry_run),
   0U},
  {"report",
   0,
   "FILE",
   "Write a table of the files, HTML or CSV, what needs a look first",
   command_take_text,
   offsetof(RenderOptions, batch.report),
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
  {"track",
   0,
   "N",
   "Clean sound track N of a video, from 1 (default: the first that is marked "
   "as the default); all others are copied",
   command_take_count,
   offsetof(RenderOptions, track),
   RENDER_MOST_TRACKS},
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
   "endian, or as s16be; u8, s8, ulaw or alaw",
   take_raw_format,
   offsetof(RenderOptions, raw.numbers),
   0U},
  COMMAND_OPTION_HELP,
};

static const CommandLine command_line = {
  .name    = "render",
  .about   = "Usage: grus render [OPTION]... IN OUT\n"
             "       grus render [OPTION]... --output-dir DIR INPUT...\n"
             "Clean the voice in sound file IN and write it to OUT, or in many "
             "into DIR.\n"
             "\n"
             "IN and OUT may be \"-\" for the standard input and output.\n"
             "A file that is OUT is replaced when the new one is whole.\n"
             "OUT has the rate, channels, length and metadata of IN and is "
             "aligned to it.\n"
             "DIR/grus-render.jsonl tells of each of many files; the same "
             "command goes on\nwhere it was stopped.\n",
  .options = rows,
  .after =
    "Examples:\n"
    "  grus render noisy.wav clean.wav\n"
    "  grus render --reduction 18 interview.flac softer.flac\n"
    "  grus render --listen removed noisy.wav what-was-removed.wav\n"
    "  grus render --warm-up 1000 cut.wav clean.wav\n"
    "  grus render --picture both.png --json talk.wav talk-clean.wav\n"
    "  grus render film.mkv clean.mkv\n"
    "  grus render --track 2 film.mkv clean.mkv\n"
    "  grus render --output-dir clean --recursive interviews\n"
    "  find . -name '*.mp3' | grus render --files-from - -o clean -f flac\n"
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

/// Refuse an option that is for many files
static int
check_one(const BatchOptions* const batch)
{
  const char* const name = batch->recursive   ? "recursive"
                           : batch->n_include ? "include"
                           : batch->list      ? "files-from"
                           : batch->jobs      ? "jobs"
                           : batch->dry_run   ? "dry-run"
                           : batch->report    ? "report"
                           : batch->journal   ? "journal"
                                              : NULL;
  return name ? say_error(EXIT_USAGE,
                          "--%s is for many files: name their folder with "
                          "--output-dir",
                          name)
              : EXIT_OK;
}

static int
take_one(RenderOptions* const options, const int argc, char** const argv)
{
  if (check_one(&options->batch)) {
    return EXIT_USAGE;
  }
  if (argc - optind > 2) {
    return say_error(EXIT_USAGE,
                     "one input and one output at a time; for many: grus "
                     "render --output-dir DIR INPUT...");
  }
  if (argc - optind != 2) {
    return say_error(EXIT_USAGE,
                     "one input and one output are needed (try --help)");
  }

  options->in  = argv[optind];
  options->out = argv[optind + 1];
  return EXIT_OK;
}

static int
take_batch(RenderOptions* const options, const int argc, char** const argv)
{
  BatchOptions* const batch = &options->batch;
  batch->inputs             = argv + optind;
  batch->n_inputs           = (size_t)(argc - optind);
  batch->arguments          = argv + 1;
  batch->n_arguments        = (size_t)(optind - 1);
  if (!batch->n_inputs && !batch->list) {
    return say_error(EXIT_USAGE,
                     "no input is named: files, folders or --files-from LIST");
  }
  if (options->picture || options->activity) {
    return say_error(EXIT_USAGE,
                     "--%s is for one file; --report has pictures of many",
                     options->picture ? "picture" : "activity");
  }
  return batch->report ? batch_table_check(batch->report) : EXIT_OK;
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
  if (options->track && options->raw.sample_rate) {
    return say_error(EXIT_USAGE, "raw sound has no --track");
  }
  return options->batch.folder ? take_batch(options, argc, argv)
                               : take_one(options, argc, argv);
}
