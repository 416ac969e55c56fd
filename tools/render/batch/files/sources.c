// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#define _GNU_SOURCE // FNM_CASEFOLD

#include "render/batch/files/sources.h"

#include "cli/say.h"
#include "render/batch/files/endings.h"
#include "render/batch/files/items.h"

#include <dirent.h>
#include <fnmatch.h>
#include <sys/stat.h>

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int
say_no_memory(void)
{
  return say_error(EXIT_FAILED, "no memory for so many files");
}

/// Return "a/b" of "a" and "b", to be freed; null without memory
static char*
join(const char* const folder, const char* const name)
{
  const size_t n     = strlen(folder);
  const bool   slash = n && folder[n - 1U] != '/';
  const size_t size  = n + strlen(name) + 2U;
  char* const  path  = (char*)malloc(size);
  if (path) {
    snprintf(path, size, "%s%s%s", folder, slash ? "/" : "", name);
  }
  return path;
}

/// Return a name with another ending, to be freed; null without memory
static char*
with_ending(const char* const name, const char* const ending)
{
  const char* const slash = strrchr(name, '/');
  const char* const base  = slash ? slash + 1 : name;
  const char* const dot   = strrchr(base, '.');
  const size_t n = dot && dot != base ? (size_t)(dot - name) : strlen(name);
  if (!ending) {
    return strdup(name);
  }

  const size_t size = n + strlen(ending) + 2U;
  char* const  text = (char*)malloc(size);
  if (text) {
    snprintf(text, size, "%.*s.%s", (int)n, name, ending);
  }
  return text;
}

static int
make_room(BatchItems* const items)
{
  if (items->n < items->n_room) {
    return EXIT_OK;
  }

  const size_t     n_room = items->n_room ? 2U * items->n_room : 64U;
  BatchItem* const grown =
    (BatchItem*)realloc(items->items, n_room * sizeof(*grown));
  if (!grown) {
    return say_no_memory();
  }
  items->items  = grown;
  items->n_room = n_room;
  return EXIT_OK;
}

static int
add_file(const BatchSources* const sources,
         BatchItems* const         items,
         const char* const         path,
         const char* const         name)
{
  if (make_room(items)) {
    return EXIT_FAILED;
  }

  BatchItem* const item = &items->items[items->n++];
  item->in              = strdup(path);
  item->name            = with_ending(name, sources->ending);
  item->out             = item->name ? join(sources->folder, item->name) : NULL;
  item->state           = file_state(path);
  return item->in && item->out ? EXIT_OK : say_no_memory();
}

/// Return whether a file in a folder is one of those wanted
static bool
is_wanted(const BatchSources* const sources, const char* const name)
{
  for (size_t i = 0U; i < sources->n_include; ++i) {
    if (!fnmatch(sources->include[i], name, FNM_CASEFOLD | FNM_PERIOD)) {
      return true;
    }
  }
  const char* const dot = strrchr(name, '.');
  return !sources->n_include && dot && dot != name && endings_have(dot + 1);
}

/// Return whether a path leads to the folder of all outputs
static bool
is_output_folder(const BatchSources* const sources, const char* const path)
{
  struct stat a;
  struct stat b;
  return !stat(path, &a) && !stat(sources->folder, &b) &&
         a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static int
add_folder(const BatchSources* sources,
           BatchItems*         items,
           const char*         path,
           const char*         name);

/// Add what is found in a folder, if it is wanted
static int
add_found(const BatchSources* const  sources,
          BatchItems* const          items,
          const struct dirent* const entry,
          const char* const          path,
          const char* const          name)
{
  struct stat info;
  const bool  is_link = !lstat(path, &info) && S_ISLNK(info.st_mode);
  if (stat(path, &info) || entry->d_name[0] == '.') {
    return EXIT_OK;
  }
  if (S_ISDIR(info.st_mode)) { // Links to folders may lead in circles
    return sources->recursive && !is_link && !is_output_folder(sources, path)
             ? add_folder(sources, items, path, name)
             : EXIT_OK;
  }
  if (!S_ISREG(info.st_mode) || !is_wanted(sources, entry->d_name)) {
    ++items->n_left;
    return EXIT_OK;
  }
  return add_file(sources, items, path, name);
}

static int // NOLINT(misc-no-recursion): as deep as the folders are
add_folder(const BatchSources* const sources,
           BatchItems* const         items,
           const char* const         path,
           const char* const         name)
{
  struct dirent** entries = NULL;
  const int       n       = scandir(path, &entries, NULL, alphasort);
  if (n < 0) {
    return say_error(
      EXIT_FAILED, "cannot read folder \"%s\": %s", path, strerror(errno));
  }

  int code = EXIT_OK;
  for (int i = 0; i < n; ++i) {
    char* const in  = join(path, entries[i]->d_name);
    char* const out = join(name, entries[i]->d_name);
    if (!code) {
      code = in && out ? add_found(sources, items, entries[i], in, out)
                       : say_no_memory();
    }
    free(out);
    free(in);
    free(entries[i]);
  }
  free(entries);
  return code;
}

/// Add a file or a folder of the command line
static int
add_input(const BatchSources* const sources,
          BatchItems* const         items,
          const char* const         path)
{
  struct stat info;
  if (!strcmp(path, "-")) {
    return say_error(EXIT_USAGE,
                     "the standard input has no name to be written under: "
                     "with --output-dir name files, folders or a list");
  }
  if (!stat(path, &info) && S_ISDIR(info.st_mode)) {
    return add_folder(sources, items, path, "");
  }

  const char* const slash = strrchr(path, '/');
  return add_file(sources, items, path, slash ? slash + 1 : path);
}

/// Return whether a path stays below the folder that it is put into
static bool
stays_below(const char* path)
{
  for (; path; path = strchr(path, '/')) {
    path += *path == '/';
    if (!strncmp(path, "..", 2U) && (!path[2] || path[2] == '/')) {
      return false;
    }
  }
  return true;
}

/// Add a file of a list
static int
add_listed(const BatchSources* const sources,
           BatchItems* const         items,
           const char* const         path)
{
  const char* name = path;
  while (*name == '/' || !strncmp(name, "./", 2U)) {
    name += *name == '/' ? 1 : 2;
  }
  return stays_below(name)
           ? add_file(sources, items, path, name)
           : say_error(EXIT_USAGE,
                       "\"%s\" of the list would leave the output folder (run "
                       "grus where the paths need no \"..\")",
                       path);
}

/// Add all names of a text, one in each line
static int
add_lines(const BatchSources* const sources,
          BatchItems* const         items,
          char* const               text)
{
  int   code = EXIT_OK;
  char* rest = NULL;
  for (char* name = strtok_r(text, "\n", &rest); name && !code;
       name       = strtok_r(NULL, "\n", &rest)) {
    code = add_listed(sources, items, name);
  }
  return code;
}

/// Read the names of a list: one in each line, or each with a zero byte behind
/// it as `find -print0` has it
static int
add_list(const BatchSources* const sources,
         BatchItems* const         items,
         FILE* const               list)
{
  char*   text   = NULL;
  size_t  n_room = 0U;
  int     code   = EXIT_OK;
  ssize_t n      = 0;
  while (!code && (n = getdelim(&text, &n_room, '\0', list)) > 0) {
    code = text[n - 1]       ? add_lines(sources, items, text)
           : text[0] != '\0' ? add_listed(sources, items, text)
                             : EXIT_OK;
  }
  if (!code && ferror(list)) {
    code = say_error(EXIT_FAILED,
                     "cannot read the list \"%s\": %s",
                     sources->list,
                     strerror(errno));
  }
  free(text);
  return code;
}

static int
open_list(const BatchSources* const sources, BatchItems* const items)
{
  const bool  piped = !strcmp(sources->list, "-");
  FILE* const list  = piped ? stdin : fopen(sources->list, "re");
  if (!list) {
    return say_error(EXIT_FAILED,
                     "cannot read the list \"%s\": %s",
                     sources->list,
                     strerror(errno));
  }

  const int code = add_list(sources, items, list);
  if (!piped) {
    fclose(list);
  }
  return code;
}

int
batch_sources_find(const BatchSources* const sources, BatchItems* const items)
{
  int code = EXIT_OK;
  for (size_t i = 0U; !code && i < sources->n_inputs; ++i) {
    code = add_input(sources, items, sources->inputs[i]);
  }
  if (!code && sources->list) {
    code = open_list(sources, items);
  }
  return code;
}
