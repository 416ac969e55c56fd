// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "render/batch/workers/child.h"

#include "cli/json_text.h"
#include "cli/say.h"
#include "render/batch/files/items.h"
#include "render/batch/files/journal.h"
#include "render/batch/workers/work.h"
#include "render/job.h"
#include "render/one_file.h"
#include "render/options.h"
#include "render/report.h"
#include "sound/measure/envelope.h"

#include <jansson.h>
#include <sys/stat.h>
#include <unistd.h>

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// What one process does
typedef struct {
  const BatchWork* work;
  const BatchItem* item;
  int              lines;
  json_t*          told; ///< All lines that were told
  bool             no_journal;
} Child;

static Child child; // say_to() takes a function and nothing else

/// Hand a line to the parent, which draws on the terminal too
static void
tell(const char* const line)
{
  const bool named =
    strstr(line, child.item->in) || strstr(line, child.item->out);
  char      text[PIPE_BUF];
  const int n = snprintf(text,
                         sizeof(text),
                         named ? "%.0s%s\n" : "\"%s\": %s\n",
                         child.item->in,
                         line);
  if (n >= (int)sizeof(text)) {
    text[sizeof(text) - 2U] = '\n';
  }
  json_array_append_new(child.told, json_text(line));
  (void)!write(child.lines, text, strlen(text));
}

static json_t*
envelope_json(const Envelope* const envelope)
{
  json_t* const levels = json_array();
  for (size_t i = 0U; i < envelope_size(envelope); ++i) {
    json_array_append_new(levels,
                          json_integer(lround(envelope_level(envelope, i))));
  }
  return levels;
}

/// Append a line to the journal
static int
note(json_t* const line)
{
  json_object_set(line, "messages", child.told);
  const int code   = journal_append(child.work->journal, line);
  child.no_journal = code;
  return code;
}

/// Note what was rendered, and as which file it will be found
static int
note_whole(void* const context, const RenderReport* const report)
{
  (void)context;
  const RenderResult* const result = report->result;
  struct stat               info;
  if (fstat(report->rendering->output->place.fd, &info)) {
    return say_error(EXIT_FAILED,
                     "cannot finish \"%s\": %s",
                     child.item->out,
                     strerror(errno));
  }

  const FileState state = file_state_of(&info);
  json_t* const   line  = journal_item(child.item, child.work->recipe);
  json_t* const   told  = render_report_json(report);
  if (json_object_update(line, told) ||
      json_object_set_new(line, "output_file", file_state_json(&state)) ||
      json_object_set_new(
        line, "envelope_before", envelope_json(&result->envelope_before)) ||
      json_object_set_new(
        line, "envelope_after", envelope_json(&result->envelope_after))) {
    json_decref(line);
    json_decref(told);
    return say_error(EXIT_FAILED, "no memory for the journal");
  }
  json_decref(told);
  return note(line);
}

/// Note why it failed: the last line that was told
static void
note_failure(void)
{
  const size_t  n    = json_array_size(child.told);
  json_t* const line = journal_item(child.item, child.work->recipe);
  json_object_set_new(line,
                      "error",
                      n ? json_deep_copy(json_array_get(child.told, n - 1U))
                        : json_string("no reason was told"));
  note(line);
}

/// Make the folders that the output lies in
static int
make_folders(const char* const path)
{
  char* const copy = strdup(path);
  int         code = copy ? EXIT_OK : say_error(EXIT_FAILED, "no memory");
  for (char* slash = copy ? strchr(copy + 1, '/') : NULL; slash && !code;
       slash       = strchr(slash + 1, '/')) {
    *slash = '\0';
    if (mkdir(copy, 0777) && errno != EEXIST) {
      code = say_error(
        EXIT_FAILED, "cannot make folder \"%s\": %s", copy, strerror(errno));
    }
    *slash = '/';
  }
  free(copy);
  return code;
}

int
batch_child_run(const BatchWork* const work,
                const BatchItem* const item,
                RenderProgress* const  progress,
                const int              lines)
{
  const RenderHooks hooks = {
    .whole = note_whole, .progress = progress, .with_envelopes = true};
  RenderOptions options = *work->options;
  options.in            = item->in;
  options.out           = item->out;
  options.quiet         = true;

  child.work  = work;
  child.item  = item;
  child.lines = lines;
  child.told  = json_array();
  say_to(tell);

  int code = make_folders(item->out);
  if (!code) {
    code = render_one_file(&options, work->model, &hooks);
  }
  if (code && !child.no_journal) {
    note_failure();
  }
  json_decref(child.told);
  return child.no_journal ? EXIT_NO_JOURNAL : code;
}
