// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "render/batch/files/leftovers.h"

#include "files/output.h"
#include "render/batch/files/items.h"

#include <dirent.h>
#include <unistd.h>

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// A path in two parts
typedef struct {
  const char* path;
  size_t      n_folder; ///< Length of the folder, with its slash
} Output;

static int
compare_outputs(const void* const a, const void* const b)
{
  const Output* const x = (const Output*)a;
  const Output* const y = (const Output*)b;
  const size_t        n = x->n_folder < y->n_folder ? x->n_folder : y->n_folder;
  const int           folders = memcmp(x->path, y->path, n);
  return folders                      ? folders
         : x->n_folder != y->n_folder ? (x->n_folder < y->n_folder ? -1 : 1)
                                      : strcmp(x->path + n, y->path + n);
}

static Output
output_of(const char* const path)
{
  const char* const slash  = strrchr(path, '/');
  const Output      output = {path, slash ? (size_t)(slash + 1 - path) : 0U};
  return output;
}

/// Remove a file if it is an unfinished one of one of these outputs
static void
remove_entry(const Output* const outputs,
             const size_t        n,
             char* const         path,
             const char* const   folder_end)
{
  const size_t n_stem = output_file_temporary_stem(folder_end);
  if (!n_stem) {
    return;
  }

  char* const ending  = path + (folder_end - path) + n_stem;
  const char  first   = *ending;
  *ending             = '\0';
  const Output wanted = output_of(path);
  const void*  known =
    bsearch(&wanted, outputs, n, sizeof(*outputs), compare_outputs);
  *ending = first;
  if (known) {
    unlink(path);
  }
}

/// Look through the folder of an output
static void
clean_folder(const Output* const outputs,
             const size_t        n,
             const Output* const one)
{
  const int    width = (int)one->n_folder;
  const size_t size  = one->n_folder + sizeof(((struct dirent*)0)->d_name) + 1U;
  char* const  path  = (char*)malloc(size);
  DIR*         folder = NULL;
  if (path) {
    snprintf(path, size, "%.*s", width, one->path);
    folder = opendir(width ? path : ".");
  }
  for (const struct dirent* entry = NULL;
       folder && (entry = readdir(folder));) {
    snprintf(path, size, "%.*s%s", width, one->path, entry->d_name);
    remove_entry(outputs, n, path, path + width);
  }
  if (folder) {
    closedir(folder);
  }
  free(path);
}

void
batch_leftovers_remove(BatchItem* const* const items, const size_t n)
{
  Output* const outputs = (Output*)malloc((n + 1U) * sizeof(*outputs));
  for (size_t i = 0U; outputs && i < n; ++i) {
    outputs[i] = output_of(items[i]->out);
  }
  if (outputs) {
    qsort(outputs, n, sizeof(*outputs), compare_outputs);
  }
  for (size_t i = 0U; outputs && i < n; ++i) {
    const Output* const one  = &outputs[i];
    const Output* const last = i ? one - 1 : NULL;
    if (!last || last->n_folder != one->n_folder ||
        memcmp(last->path, one->path, one->n_folder) != 0) {
      clean_folder(outputs, n, one);
    }
  }
  free(outputs);
}
