// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/model_paths.h"

#include "cli/model_file.h"

#include <sys/stat.h>
#include <unistd.h>

#include <dirent.h>
#include <libgen.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char ending[] = ".safetensors";

/// Whether two paths lead to one file
static bool
is_one_file(const char* const a, const char* const b)
{
  struct stat info_a;
  struct stat info_b;
  return !strcmp(a, b) ||
         (!stat(a, &info_a) && !stat(b, &info_b) &&
          info_a.st_dev == info_b.st_dev && info_a.st_ino == info_b.st_ino);
}

size_t
model_paths_add(ModelPaths* const paths, const char* const path)
{
  for (size_t i = 0U; i < paths->n; ++i) {
    if (is_one_file(paths->all[i], path)) {
      return i;
    }
  }

  char* const copy = paths->n < MODEL_PATHS_MAX ? strdup(path) : NULL;
  if (!copy) {
    return MODEL_PATHS_MAX;
  }
  paths->all[paths->n] = copy;
  return paths->n++;
}

static int
is_model(const struct dirent* const entry)
{
  const size_t size = strlen(entry->d_name);
  return size >= sizeof(ending) &&
         !strcmp(entry->d_name + size - (sizeof(ending) - 1U), ending);
}

void
model_paths_add_neighbours(ModelPaths* const paths)
{
  char* const     copy    = strdup(paths->all[0]);
  char* const     folder  = copy ? dirname(copy) : NULL;
  struct dirent** entries = NULL;
  const int n = folder ? scandir(folder, &entries, is_model, alphasort) : -1;
  for (int i = 0; i < n; ++i) {
    const size_t size = strlen(folder) + strlen(entries[i]->d_name) + 2U;
    char* const  path = (char*)malloc(size);
    if (path) {
      snprintf(path, size, "%s/%s", folder, entries[i]->d_name);
      (void)model_paths_add(paths, path);
    }
    free(path);
    free(entries[i]);
  }

  free(entries);
  free(copy);
}

void
model_paths_add_own(ModelPaths* const paths)
{
  for (size_t i = 0U; model_file_own(i); ++i) {
    const char* const path = model_file_path(model_file_own(i));
    if (!access(path, R_OK)) {
      (void)model_paths_add(paths, path);
    }
  }
}

void
model_paths_forget_last(ModelPaths* const paths)
{
  free(paths->all[--paths->n]);
}

void
model_paths_free(ModelPaths* const paths)
{
  while (paths->n) {
    model_paths_forget_last(paths);
  }
}

void
model_paths_name(const char* const path, char name[MODEL_NAME_SIZE])
{
  const char* const slash = strrchr(path, '/');
  snprintf(name, MODEL_NAME_SIZE, "%s", slash ? slash + 1 : path);

  char* const dot = strstr(name, ending);
  if (dot) {
    *dot = '\0';
  }
}
