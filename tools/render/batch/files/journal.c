// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "render/batch/files/journal.h"

#include "cli/json_text.h"
#include "cli/say.h"
#include "render/batch/files/items.h"

#include <jansson.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char* const file_name = "grus-render.jsonl";

enum {
  LOCK_TRIES = 50,       ///< A killed batch's last processes end soon
  LOCK_PAUSE = 100000000 ///< ns between two tries
};

static uint64_t
fnv_1a(const char* text)
{
  uint64_t hash = 0xcbf29ce484222325U;
  for (; *text; ++text) {
    hash = (hash ^ (unsigned char)*text) * 0x100000001b3U;
  }
  return hash;
}

uint64_t
journal_id(const char* const name)
{
  return fnv_1a(name);
}

void
journal_id_text(const char* const name, char text[JOURNAL_ID_SIZE])
{
  snprintf(text, JOURNAL_ID_SIZE, "%016" PRIx64, journal_id(name));
}

uint64_t
journal_recipe_hash(const json_t* const recipe)
{
  char* const    text = json_dumps(recipe, JSON_COMPACT | JSON_SORT_KEYS);
  const uint64_t hash = text ? fnv_1a(text) : 0U;
  free(text);
  return hash;
}

static FileState
state_from_json(const json_t* const json)
{
  const FileState state = {
    json_is_object(json),
    (uint64_t)json_integer_value(json_object_get(json, "size")),
    json_integer_value(json_object_get(json, "changed_ns")),
  };
  return state;
}

json_t*
file_state_json(const FileState* const state)
{
  return !state->is_there ? json_null()
                          : json_pack("{s:I, s:I}",
                                      "size",
                                      (json_int_t)state->size,
                                      "changed_ns",
                                      (json_int_t)state->changed);
}

/// Return an entry for a line, or one with id 0 for what is none
static JournalEntry
entry_of(const json_t* const json)
{
  const char* const   id     = json_string_value(json_object_get(json, "id"));
  const json_t* const recipe = json_object_get(json, "options");
  JournalEntry        entry  = {0};
  if (id && recipe) {
    entry.id     = strtoull(id, NULL, 16);
    entry.recipe = journal_recipe_hash(recipe);
    entry.in     = state_from_json(json_object_get(json, "input_file"));
    entry.out    = state_from_json(json_object_get(json, "output_file"));
  }
  return entry;
}

static int
add_entry(Journal* const journal, const JournalEntry entry)
{
  if (journal->n == journal->n_room) {
    const size_t        n_room = journal->n_room ? 2U * journal->n_room : 256U;
    JournalEntry* const grown =
      (JournalEntry*)realloc(journal->entries, n_room * sizeof(*grown));
    if (!grown) {
      return say_error(EXIT_FAILED, "no memory for so long a journal");
    }
    journal->entries = grown;
    journal->n_room  = n_room;
  }
  journal->entries[journal->n++] = entry;
  return EXIT_OK;
}

static int
compare_entries(const void* const a, const void* const b)
{
  const JournalEntry* const x = (const JournalEntry*)a;
  const JournalEntry* const y = (const JournalEntry*)b;
  return x->id != y->id      ? (x->id < y->id ? -1 : 1)
         : x->line < y->line ? -1
                             : x->line > y->line;
}

/// Keep the newest entry of each output, in the order of their ids
static void
keep_newest(Journal* const journal)
{
  JournalEntry* const entries = journal->entries;
  size_t              n       = 0U;
  if (journal->n) {
    qsort(entries, journal->n, sizeof(*entries), compare_entries);
  }
  for (size_t i = 0U; i < journal->n; ++i) {
    n -= n && entries[n - 1U].id == entries[i].id;
    entries[n++] = entries[i];
  }
  journal->n = n;
}

/// Read all lines of a file; what is no line of ours is passed over
static int
read_lines(Journal* const journal, FILE* const file)
{
  char*  text   = NULL;
  size_t n_room = 0U;
  int    code   = EXIT_OK;
  size_t n_line = 0U;
  for (long start = 0; !code && getline(&text, &n_room, file) > 0;
       start      = ftell(file)) {
    json_t* const json  = json_loads(text, 0U, NULL);
    JournalEntry  entry = entry_of(json);
    json_decref(json);
    entry.line  = n_line++;
    entry.start = start;
    if (entry.id) {
      code = add_entry(journal, entry);
    }
  }
  free(text);
  return code;
}

int
journal_read(Journal* const journal)
{
  FILE* const file = fopen(journal->path, "re");
  journal->n       = 0U;
  if (!file) {
    return errno == ENOENT ? EXIT_OK
                           : say_error(EXIT_FAILED,
                                       "cannot read \"%s\": %s",
                                       journal->path,
                                       strerror(errno));
  }

  const int code = read_lines(journal, file);
  fclose(file);
  keep_newest(journal);
  return code;
}

static int
lock(const Journal* const journal)
{
  const struct timespec pause = {0, LOCK_PAUSE};
  for (int i = 0; i < LOCK_TRIES; ++i) {
    if (!flock(journal->fd, LOCK_EX | LOCK_NB)) {
      return EXIT_OK;
    }
    if (errno != EWOULDBLOCK) {
      return EXIT_OK; // Some network file systems have no locks
    }
    nanosleep(&pause, NULL);
  }
  return say_error(
    EXIT_FAILED, "another grus render works with \"%s\"", journal->path);
}

/// End a last line that a killed program has not finished
static int
end_last_line(const Journal* const journal)
{
  char        last = '\n';
  struct stat info;
  return (!fstat(journal->fd, &info) && info.st_size &&
          pread(journal->fd, &last, 1U, info.st_size - 1) == 1 &&
          last != '\n' && write(journal->fd, "\n", 1U) != 1)
           ? -1
           : 0;
}

static int
open_locked(Journal* const journal)
{
  journal->fd =
    open(journal->path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
  if (journal->fd < 0) {
    return say_error(
      EXIT_FAILED, "cannot write \"%s\": %s", journal->path, strerror(errno));
  }
  if (lock(journal)) {
    return EXIT_FAILED;
  }
  return end_last_line(journal) ? say_error(EXIT_FAILED,
                                            "cannot write \"%s\": %s",
                                            journal->path,
                                            strerror(errno))
                                : EXIT_OK;
}

/// Return the path of the journal in a folder, to be freed
static char*
path_in(const char* const folder)
{
  const size_t size = strlen(folder) + strlen(file_name) + 2U;
  char* const  path = (char*)malloc(size);
  if (path) {
    snprintf(path, size, "%s/%s", folder, file_name);
  }
  return path;
}

int
journal_open(Journal* const    journal,
             const char* const path,
             const char* const folder,
             const bool        read_only)
{
  journal->path = path ? strdup(path) : path_in(folder);
  if (!journal->path) {
    return say_error(EXIT_FAILED, "no memory for the journal");
  }

  const int code = read_only ? EXIT_OK : open_locked(journal);
  return code ? code : journal_read(journal);
}

const JournalEntry*
journal_find(const Journal* const journal, const uint64_t id)
{
  size_t first = 0U;
  size_t n     = journal->n;
  while (n) {
    const JournalEntry* const middle = &journal->entries[first + (n / 2U)];
    if (middle->id == id) {
      return middle;
    }
    first = middle->id < id ? first + (n / 2U) + 1U : first;
    n     = middle->id < id ? n - (n / 2U) - 1U : n / 2U;
  }
  return NULL;
}

json_t*
journal_line(const Journal* const journal, const JournalEntry* const entry)
{
  FILE* const file   = fopen(journal->path, "re");
  char*       text   = NULL;
  size_t      n_room = 0U;
  json_t*     json   = NULL;
  if (file && !fseek(file, entry->start, SEEK_SET) &&
      getline(&text, &n_room, file) > 0) {
    json = json_loads(text, 0U, NULL);
  }
  free(text);
  if (file) {
    fclose(file);
  }
  return json;
}

json_t*
journal_item(const BatchItem* const item, const json_t* const recipe)
{
  char         id[JOURNAL_ID_SIZE];
  char         now[32];
  const time_t seconds = time(NULL);
  struct tm    utc;
  journal_id_text(item->name, id);
  strftime(now, sizeof(now), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &utc));
  return json_pack("{s:s, s:s, s:o, s:o, s:o, s:O}",
                   "time",
                   now,
                   "id",
                   id,
                   "input",
                   json_text(item->in),
                   "output",
                   json_text(item->out),
                   "input_file",
                   file_state_json(&item->state),
                   "options",
                   recipe);
}

int
journal_append(const Journal* const journal, json_t* const line)
{
  char* const text =
    line ? json_dumps(line, JSON_COMPACT | JSON_REAL_PRECISION(9)) : NULL;
  json_decref(line);
  if (!text) {
    return say_error(EXIT_FAILED, "no memory for the journal");
  }

  const size_t n = strlen(text);
  text[n]        = '\n'; // Instead of its end: one write, so never half a line
  errno          = ENOSPC;
  const bool ok  = write(journal->fd, text, n + 1U) == (ssize_t)(n + 1U);
  free(text);
  return ok ? EXIT_OK
            : say_error(EXIT_FAILED,
                        "cannot write \"%s\": %s",
                        journal->path,
                        strerror(errno));
}

void
journal_close(Journal* const journal)
{
  if (journal->fd >= 0) {
    close(journal->fd);
  }
  free(journal->entries);
  free(journal->path);
  const Journal none = JOURNAL_INIT;
  *journal           = none;
}
