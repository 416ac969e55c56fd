// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/session/commands.h"

#include "cli/param_options.h"
#include "cli/say.h"
#include "grus/grus.h"
#include "grus/slot.h"
#include "host/presets.h"
#include "live/control/names.h"
#include "live/disk/record.h"
#include "live/models.h"
#include "live/screen/status.h"
#include "live/session/params.h"
#include "live/session/report.h"
#include "live/session/session.h"
#include "live/session/signals.h"
#include "live/session/takes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
  TOLD_SIZE = 5120, ///< As long as a line of say_error()
  WORD_SIZE = 64,
};

/// What a command has to work with
typedef struct {
  LiveSession* session;
  const char*  rest;   ///< What follows the name, empty for nothing
  uint64_t*    ticket; ///< As a LiveAnswer has it
  char*        answer; ///< What to add to "ok"
  size_t       size;
} Line;

static char told[TOLD_SIZE]; ///< The last error

static void
note(const char* const line)
{
  snprintf(told, TOLD_SIZE, "%s", line);
}

static int
tell_status(const Line* const line)
{
  LiveStatus status;
  live_report(line->session, &status);
  if (!*line->rest) {
    live_status_describe(&status, line->answer, line->size);
    return EXIT_OK;
  }
  if (strcmp(line->rest, "--json") != 0) {
    return say_error(EXIT_USAGE, "status, or status --json");
  }

  int         code = EXIT_OK;
  char* const json = live_status_text(&status);
  if (json && strlen(json) < line->size) {
    snprintf(line->answer, line->size, "%s", json);
  } else {
    code = say_error(EXIT_FAILED, "no memory to tell");
  }
  free(json);
  return code;
}

static int
bypass(const Line* const line)
{
  const bool on = !strcmp(line->rest, "on");
  if (!on && strcmp(line->rest, "off") != 0) {
    return say_error(EXIT_USAGE, "bypass on, or bypass off");
  }

  live_params_set(line->session, GRUS_PARAM_ENABLED, on ? 0.0f : 1.0f);
  return EXIT_OK;
}

static int
use_preset(const Line* const line)
{
  LiveSession* const s     = line->session;
  size_t             index = 0U;
  GrusMessage        message;
  if (!s->presets) {
    return say_error(EXIT_FAILED, "there are no presets");
  }
  if (!presets_find(s->presets, line->rest, &index, &message)) {
    return say_error(EXIT_USAGE, "%s", message.text);
  }

  live_params_apply_preset(s, index);
  return EXIT_OK;
}

/// Have a model loaded; the answer comes when it plays, or why it does not
static int
use_model(const Line* const line)
{
  if (!*line->rest) {
    return say_error(EXIT_USAGE, "model FILE, or model built-in");
  }

  *line->ticket =
    live_models_choose_named(line->session->models, line->rest, LIVE_ASKED_FOR);
  return EXIT_OK;
}

/// Answer once it is known what has become of a model that was asked for
static void
answer_later(const LiveSession* const s,
             uint64_t* const          ticket,
             char* const              answer,
             const size_t             size)
{
  const char*    reason = NULL;
  const LiveFate fate   = live_models_fate(s->models, *ticket, &reason);
  if (fate == LIVE_WISH_FAILED) {
    snprintf(answer, size, "error: %s", reason);
  } else if (fate == LIVE_WISH_REPLACED) {
    snprintf(answer, size, "error: another model is wanted meanwhile");
  }
  *ticket = fate == LIVE_WISH_LOADS ? *ticket : 0U;
}

/// Return what follows a word and space, or null if `text` has another word
static const char*
behind(const char* const text, const char* const word)
{
  const size_t n = strlen(word);
  if (strncmp(text, word, n) != 0 || (text[n] && text[n] != ' ')) {
    return NULL;
  }
  return text + n + strspn(text + n, " ");
}

static int
record(const Line* const line)
{
  LiveSession* const s    = line->session;
  const char* const  path = behind(line->rest, "start");
  int                code = EXIT_OK;
  if (!strcmp(line->rest, "stop")) {
    return live_takes_stop(s);
  }

  const char* const usual = s->options->record;
  if (!path || (!*path && !usual)) {
    return say_error(EXIT_USAGE, "record start FILE, or record stop");
  }
  code = live_takes_start_at(s, *path ? path : usual);
  if (!code) {
    snprintf(line->answer, line->size, "%s", live_record_path(s->record));
  }
  return code;
}

static int
quit(const Line* const line)
{
  (void)line;
  live_signals_stop();
  return EXIT_OK;
}

static int
tell_help(const Line* const line)
{
  snprintf(line->answer,
           line->size,
           "status [--json], bypass on|off, preset NAME, model FILE|built-in, "
           "record start [FILE]|stop, quit");
  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    const size_t n = strlen(line->answer);
    snprintf(
      line->answer + n, line->size - n, ", %s [VALUE]", param_option_name(i));
  }
  return EXIT_OK;
}

/// Cut the unit off a value, as in "24 dB" and "24dB"
static void
cut_unit(const GrusParamInfo* const info, char* const text)
{
  const size_t n      = strlen(text);
  const size_t length = strlen(info->unit);
  if (length && n > length && !strcasecmp(text + n - length, info->unit)) {
    text[n - length] = '\0';
    for (size_t i = n - length; i && text[i - 1U] == ' '; --i) {
      text[i - 1U] = '\0';
    }
  }
}

/// Set a parameter, or tell its value
static int
param(const Line* const line, const uint32_t index)
{
  LiveSession* const         s    = line->session;
  const GrusParamInfo* const info = grus_param_info(index);
  if (!*line->rest) {
    live_status_value(index,
                      grus_slot_param(s->slot, (GrusParam)index),
                      line->answer,
                      line->size);
    return EXIT_OK;
  }

  char  text[WORD_SIZE];
  float value = 0.0f;
  snprintf(text, sizeof(text), "%s", line->rest);
  cut_unit(info, text);
  const int code = param_option_parse(index, text, &value);
  if (!code) {
    live_params_set(s, (GrusParam)index, value);
  }
  return code;
}

/// A command that is no parameter
typedef struct {
  const char* name;
  int (*run)(const Line* line);
} Command;

static const Command commands[] = {
  {"status", tell_status},
  {"bypass", bypass},
  {"preset", use_preset},
  {"model", use_model},
  {"record", record},
  {"quit", quit},
  {"help", tell_help},
};

enum {
  N_COMMANDS = sizeof(commands) / sizeof(commands[0]),
  N_NAMES    = N_COMMANDS + GRUS_N_PARAMS,
  LIST_SIZE  = 512,
};

/// Find a command, or a parameter behind the last, N_NAMES for none.  Only the
/// names of parameters may be cut short.
static size_t
find(const char* const word, char list[LIST_SIZE])
{
  const char* names[N_NAMES];
  for (size_t i = 0U; i < N_NAMES; ++i) {
    names[i] = i < N_COMMANDS ? commands[i].name
                              : param_option_name((uint32_t)(i - N_COMMANDS));
  }
  const size_t index = live_names_find(names, N_NAMES, word, list, LIST_SIZE);
  return index < N_COMMANDS && strcmp(names[index], word) ? N_NAMES : index;
}

static int
run_command(const char* const word, const Line* const line)
{
  char         list[LIST_SIZE];
  const size_t index = find(word, list);
  return index < N_COMMANDS ? commands[index].run(line)
         : index < N_NAMES
           ? param(line, (uint32_t)(index - N_COMMANDS))
           : say_error(
               EXIT_USAGE, "no command is called \"%.40s\": %s", word, list);
}

/// Cut a line into the name of a command and what follows it
static const char*
split(char* const line)
{
  size_t n = strlen(line);
  while (n && (line[n - 1U] == ' ' || line[n - 1U] == '\r')) {
    line[--n] = '\0';
  }

  char* const space = strchr(line, ' ');
  if (!space) {
    return line + n;
  }
  *space = '\0';
  return space + 1 + strspn(space + 1, " ");
}

void
live_commands_answer(void* const     session,
                     char* const     line,
                     uint64_t* const ticket,
                     char* const     answer,
                     const size_t    size)
{
  LiveSession* const s = (LiveSession*)session;
  if (*ticket) {
    answer_later(s, ticket, answer, size);
    return;
  }

  char              text[LIVE_ANSWER_SIZE - 16] = "";
  const char* const rest                        = split(line);
  const Line        parsed = {s, rest, ticket, text, sizeof(text)};

  told[0]              = '\0';
  const SayShow before = say_to(note);
  const int     code   = run_command(line, &parsed);
  say_to(before);
  if (code) {
    const bool is_option = !strncmp(told, "--", 2U); // As on a command line
    snprintf(answer,
             size,
             "%s: %s",
             code == EXIT_USAGE ? "usage" : "error",
             is_option ? told + 2 : told);
  } else {
    snprintf(answer, size, "ok%s%s", *text ? " " : "", text);
  }
}
