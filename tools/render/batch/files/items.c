// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "render/batch/files/items.h"

#include "cli/say.h"
#include "render/batch/files/endings.h"

#include <sys/stat.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

FileState
file_state_of(const struct stat* const info)
{
  const int64_t   seconds = (int64_t)info->st_mtim.tv_sec;
  const FileState state   = {true,
                             (uint64_t)info->st_size,
                             (seconds * 1000000000) +
                               (int64_t)info->st_mtim.tv_nsec};
  return state;
}

FileState
file_state(const char* const path)
{
  struct stat     info;
  const FileState none = {false, 0U, 0};
  return stat(path, &info) ? none : file_state_of(&info);
}

bool
file_state_equals(const FileState* const a, const FileState* const b)
{
  return a->is_there == b->is_there && a->size == b->size &&
         a->changed == b->changed;
}

static int
compare_names(const void* const a, const void* const b)
{
  const BatchItem* const x     = (const BatchItem*)a;
  const BatchItem* const y     = (const BatchItem*)b;
  const int              order = strcmp(x->name, y->name);
  return order ? order : strcmp(x->in, y->in);
}

static void
free_item(const BatchItem* const item)
{
  free(item->in);
  free(item->name);
  free(item->out);
}

/// Drop files that were named twice and go to one place
static void
drop_repeated(BatchItems* const items)
{
  size_t n = 0U;
  for (size_t i = 0U; i < items->n; ++i) {
    const BatchItem* const last = n ? &items->items[n - 1U] : NULL;
    if (last && !compare_names(last, &items->items[i])) {
      free_item(&items->items[i]);
    } else {
      items->items[n++] = items->items[i];
    }
  }
  items->n = n;
}

/// A file by what tells it from all others
typedef struct {
  dev_t       device;
  ino_t       number;
  const char* path;
} FileId;

static int
compare_ids(const void* const a, const void* const b)
{
  const FileId* const x = (const FileId*)a;
  const FileId* const y = (const FileId*)b;
  return x->device != y->device   ? (x->device < y->device ? -1 : 1)
         : x->number != y->number ? (x->number < y->number ? -1 : 1)
                                  : 0;
}

static bool
find_id(FileId* const id, const char* const path)
{
  struct stat info;
  if (stat(path, &info)) {
    return false;
  }
  id->device = info.st_dev;
  id->number = info.st_ino;
  id->path   = path;
  return true;
}

/// Refuse to write over what is read
static int
check_overwriting(const BatchItems* const items, FileId* const ids)
{
  size_t n = 0U;
  for (size_t i = 0U; i < items->n; ++i) {
    n += find_id(&ids[n], items->items[i].in);
  }
  qsort(ids, n, sizeof(*ids), compare_ids);
  for (size_t i = 0U; i < items->n; ++i) {
    const BatchItem* const item = &items->items[i];
    FileId                 id;
    const FileId* const    same =
      find_id(&id, item->out)
           ? (const FileId*)bsearch(&id, ids, n, sizeof(*ids), compare_ids)
           : NULL;
    if (same) {
      return say_error(EXIT_USAGE,
                       "\"%s\" would be written over \"%s\", which is read "
                       "too (name another --output-dir)",
                       item->in,
                       same->path);
    }
  }
  return EXIT_OK;
}

int
batch_items_check(BatchItems* const items)
{
  qsort(items->items, items->n, sizeof(*items->items), compare_names);
  drop_repeated(items);
  for (size_t i = 1U; i < items->n; ++i) {
    const BatchItem* const a = &items->items[i - 1U];
    const BatchItem* const b = &items->items[i];
    if (!strcmp(a->name, b->name)) {
      return say_error(EXIT_USAGE,
                       "\"%s\" and \"%s\" would both be written to \"%s\"",
                       a->in,
                       b->in,
                       a->out);
    }
  }

  FileId* const ids  = (FileId*)malloc((items->n + 1U) * sizeof(*ids));
  const int     code = ids ? check_overwriting(items, ids)
                           : say_error(EXIT_FAILED, "no memory for so many files");
  free(ids);
  return code;
}

double
batch_item_seconds(const BatchItem* const item)
{
  const char* const dot = strrchr(item->in, '.');
  return (double)item->state.size / endings_rate(dot ? dot + 1 : "");
}

static int
compare_seconds(const void* const a, const void* const b)
{
  const BatchItem* const x = (const BatchItem*)a;
  const BatchItem* const y = (const BatchItem*)b;
  const double           s = batch_item_seconds(x);
  const double           t = batch_item_seconds(y);
  return s > t ? -1 : s < t ? 1 : strcmp(x->name, y->name);
}

void
batch_items_sort(BatchItems* const items)
{
  qsort(items->items, items->n, sizeof(*items->items), compare_seconds);
}

void
batch_items_free(BatchItems* const items)
{
  for (size_t i = 0U; i < items->n; ++i) {
    free_item(&items->items[i]);
  }
  free(items->items);
  memset(items, 0, sizeof(*items));
}
