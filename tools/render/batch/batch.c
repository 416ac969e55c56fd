// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#define _GNU_SOURCE // sched_getaffinity

#include "render/batch/batch.h"

#include "cli/json_report.h"
#include "cli/json_text.h"
#include "cli/model_file.h"
#include "cli/say.h"
#include "grus/grus.h"
#include "render/batch/files/items.h"
#include "render/batch/files/journal.h"
#include "render/batch/files/leftovers.h"
#include "render/batch/files/recipe.h"
#include "render/batch/files/sources.h"
#include "render/batch/report/table.h"
#include "render/batch/workers/workers.h"
#include "render/files.h"
#include "render/options.h"

#include <jansson.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Everything that one batch holds
typedef struct {
  const RenderOptions* options;
  BatchItems           items;
  ModelFile            model;
  json_t*              recipe;
  Journal              journal;
  BatchItem**          work; ///< Those of the items that are not done
  size_t               n_work;
  BatchTally           tally;
} Batch;

static size_t
count_cores(void)
{
#ifdef __linux__
  cpu_set_t set;
  if (!sched_getaffinity(0, sizeof(set), &set)) {
    return (size_t)CPU_COUNT(&set);
  }
#endif
  const long n = sysconf(_SC_NPROCESSORS_ONLN);
  return n > 0 ? (size_t)n : 1U;
}

/// Find the files and refuse what cannot go well
static int
find(Batch* const batch)
{
  const RenderOptions* const options = batch->options;
  const BatchOptions* const  wish    = &options->batch;
  const BatchSources         sources = {.inputs    = wish->inputs,
                                        .n_inputs  = wish->n_inputs,
                                        .list      = wish->list,
                                        .include   = wish->include,
                                        .n_include = wish->n_include,
                                        .recursive = wish->recursive,
                                        .folder    = wish->folder,
                                        .ending    = options->format};

  int code = batch_sources_find(&sources, &batch->items);
  if (!code && !batch->items.n) {
    code = say_error(EXIT_FAILED,
                     "no sound file was found%s%s",
                     wish->recursive ? "" : " (--recursive looks into folders)",
                     batch->items.n_left && !wish->n_include
                       ? "; --include names files by a pattern"
                       : "");
  }
  return code ? code : batch_items_check(&batch->items);
}

/// Refuse a format that no file can be written in
static int
check_format(const Batch* const batch)
{
  RenderOptions first = *batch->options;
  first.out           = batch->items.items[0].out;
  return first.format ? render_format_check(&first) : EXIT_OK;
}

static int
make_folder(const char* const folder)
{
  struct stat info;
  if (mkdir(folder, 0777) && errno != EEXIST) {
    return say_error(
      EXIT_FAILED, "cannot make folder \"%s\": %s", folder, strerror(errno));
  }
  return !stat(folder, &info) && S_ISDIR(info.st_mode)
           ? EXIT_OK
           : say_error(EXIT_USAGE, "\"%s\" is not a folder", folder);
}

/// Return whether the output of an item is what this batch would make again
static bool
is_done(const Batch* const batch, const BatchItem* const item)
{
  const JournalEntry* const entry =
    journal_find(&batch->journal, journal_id(item->name));
  const FileState now = file_state(item->out);
  return entry && entry->out.is_there && file_state_equals(&entry->out, &now) &&
         file_state_equals(&entry->in, &item->state) &&
         entry->recipe == journal_recipe_hash(batch->recipe);
}

static int
choose_work(Batch* const batch)
{
  batch->work =
    (BatchItem**)malloc((batch->items.n + 1U) * sizeof(*batch->work));
  if (!batch->work) {
    return say_error(EXIT_FAILED, "no memory for so many files");
  }
  for (size_t i = 0U; i < batch->items.n; ++i) {
    BatchItem* const item = &batch->items.items[i];
    if (!is_done(batch, item)) {
      batch->work[batch->n_work++] = item;
    }
  }
  return EXIT_OK;
}

static int
open_all(Batch* const batch)
{
  const RenderOptions* const options = batch->options;
  const BatchOptions* const  wish    = &options->batch;

  int code = find(batch);
  if (!code) {
    code = check_format(batch);
  }
  if (!code &&
      model_file_load_as(options->model, options->storage, &batch->model)) {
    code = EXIT_FAILED;
  }
  if (!code) {
    code = batch_recipe(options, &batch->model, &batch->recipe);
  }
  if (!code && !wish->dry_run) {
    code = make_folder(wish->folder);
  }
  if (!code) {
    code =
      journal_open(&batch->journal, wish->journal, wish->folder, wish->dry_run);
  }
  if (!code) {
    batch_items_sort(&batch->items);
    code = choose_work(batch);
  }
  return code;
}

/// Return an item for a script that renders it by other means
static json_t*
work_json(const BatchItem* const item)
{
  char id[JOURNAL_ID_SIZE];
  journal_id_text(item->name, id);
  return json_pack("{s:o, s:o, s:s, s:o, s:f}",
                   "input",
                   json_text(item->in),
                   "output",
                   json_text(item->out),
                   "id",
                   id,
                   "input_file",
                   file_state_json(&item->state),
                   "seconds_by_size",
                   batch_item_seconds(item));
}

static int
show_work_json(const Batch* const batch)
{
  const BatchOptions* const wish      = &batch->options->batch;
  json_t* const             list      = json_array();
  json_t* const             arguments = json_array();
  for (size_t i = 0U; i < batch->n_work; ++i) {
    json_array_append_new(list, work_json(batch->work[i]));
  }
  for (size_t i = 0U; i < wish->n_arguments; ++i) {
    json_array_append_new(arguments, json_text(wish->arguments[i]));
  }
  return json_report(json_pack("{s:o, s:I, s:I, s:o, s:o, s:o, s:O}",
                               "to_do",
                               list,
                               "done_before",
                               (json_int_t)(batch->items.n - batch->n_work),
                               "left_alone",
                               (json_int_t)batch->items.n_left,
                               "journal",
                               json_text(batch->journal.path),
                               "arguments",
                               arguments,
                               "model_file",
                               json_text(batch->model.path),
                               "options",
                               batch->recipe),
                     JSON_INDENT(2) | JSON_REAL_PRECISION(9),
                     stdout);
}

static int
show_work(const Batch* const batch)
{
  if (batch->options->json) {
    return show_work_json(batch);
  }
  for (size_t i = 0U; i < batch->n_work; ++i) {
    printf("%s -> %s\n", batch->work[i]->in, batch->work[i]->out);
  }
  printf("%zu files to do, %zu were done before, %zu in the folders are not "
         "sound files by their names\n",
         batch->n_work,
         batch->items.n - batch->n_work,
         batch->items.n_left);
  return fflush(stdout) ? say_error(EXIT_FAILED,
                                    "cannot write the list: %s",
                                    strerror(errno))
                        : EXIT_OK;
}

static int
summary_json(const Batch* const batch)
{
  const BatchTally* const tally = &batch->tally;
  return json_report(json_pack("{s:I, s:I, s:I, s:I, s:f, s:f, s:f, s:b, s:o}",
                               "files",
                               (json_int_t)batch->items.n,
                               "done",
                               (json_int_t)tally->n_done,
                               "done_before",
                               (json_int_t)(batch->items.n - batch->n_work),
                               "failed",
                               (json_int_t)tally->n_failed,
                               "hours",
                               tally->seconds / 3600.0,
                               "seconds_taken",
                               tally->elapsed,
                               "speed",
                               tally->seconds / fmax(tally->elapsed, 1e-9),
                               "stopped",
                               (int)tally->stopped,
                               "journal",
                               json_text(batch->journal.path)),
                     JSON_INDENT(2) | JSON_REAL_PRECISION(6),
                     stdout);
}

static int
summary(const Batch* const batch)
{
  const BatchTally* const tally = &batch->tally;
  if (batch->options->json) {
    return summary_json(batch);
  }
  if (!batch->options->quiet) {
    printf("%zu files done: %.2f h in %.0f s, %.0f times real time",
           tally->n_done,
           tally->seconds / 3600.0,
           tally->elapsed,
           tally->seconds / fmax(tally->elapsed, 1e-9));
    printf("; %zu were done before, %zu failed\n",
           batch->items.n - batch->n_work,
           tally->n_failed);
    printf("  %s tells of each\n", batch->journal.path);
  }
  if (tally->stopped) {
    say_error(EXIT_FAILED, "stopped; the same command goes on from here");
  }
  return EXIT_OK;
}

static int
run(Batch* const batch)
{
  const RenderOptions* const options = batch->options;
  const BatchOptions* const  wish    = &options->batch;
  if (wish->dry_run) {
    return show_work(batch);
  }

  const BatchWork work = {.options = options,
                          .model   = &batch->model,
                          .recipe  = batch->recipe,
                          .journal = &batch->journal,
                          .items   = batch->work,
                          .n       = batch->n_work,
                          .n_jobs  = wish->jobs ? wish->jobs : count_cores()};
  batch_leftovers_remove(batch->work, batch->n_work);
  const int rendered = batch_workers_run(&work, &batch->tally);
  int       code     = EXIT_OK;
  if (wish->report) {
    code = journal_read(&batch->journal);
    code = code
             ? code
             : batch_table_write(
                 wish->report, options->policy, &batch->items, &batch->journal);
  }
  if (!code) {
    code = summary(batch);
  }
  return code ? code : rendered;
}

int
batch_run(const RenderOptions* const options)
{
  Batch batch = {.options = options, .journal = JOURNAL_INIT};
  int   code  = open_all(&batch);
  if (!code) {
    code = run(&batch);
  }

  free(batch.work);
  journal_close(&batch.journal);
  json_decref(batch.recipe);
  grus_model_free(batch.model.model);
  batch_items_free(&batch.items);
  return code;
}
