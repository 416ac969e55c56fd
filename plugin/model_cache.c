// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "model_cache.h"

#include "grus/grus.h"

#include <pthread.h>
#include <sys/stat.h>

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Larger than any model that a processor runs in real time
enum { MAX_SIZE = 1 << 30 };

/// One model and who uses it
typedef struct EntryImpl {
  struct EntryImpl* next;
  GrusModel*        model;
  void*             data;
  size_t            size;
  unsigned          n_users;
} Entry;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Entry*          entries;

/// Find a model that was made from the same bytes
static Entry*
find_data(const void* const data, const size_t size)
{
  Entry* entry = entries;
  while (entry && (entry->size != size || memcmp(entry->data, data, size))) {
    entry = entry->next;
  }
  return entry;
}

/// Parse `data` and keep it, or free it on error
static Entry*
add_entry(void* const data, const size_t size, GrusMessage* const message)
{
  GrusModel*   model = NULL;
  Entry* const entry = (Entry*)calloc(1U, sizeof(Entry));
  if (!entry) {
    snprintf(message->text, sizeof(message->text), "no memory");
  }
  if (!entry || grus_model_parse(data, size, &model, message)) {
    free(entry);
    free(data);
    return NULL;
  }

  entry->next  = entries;
  entry->model = model;
  entry->data  = data;
  entry->size  = size;
  entries      = entry;
  return entry;
}

/// Return the model of `data`, which is taken over
static const GrusModel*
use_data(void* const data, const size_t size, GrusMessage* const message)
{
  pthread_mutex_lock(&lock);
  Entry* entry = find_data(data, size);
  if (entry) {
    free(data);
  } else {
    entry = add_entry(data, size, message);
  }
  if (entry) {
    ++entry->n_users;
  }
  pthread_mutex_unlock(&lock);
  return entry ? entry->model : NULL;
}

static void*
fail(GrusMessage* const message, const char* const reason)
{
  snprintf(message->text, sizeof(message->text), "%s", reason);
  return NULL;
}

/// Read an open file
static void*
read_stream(FILE* const stream, size_t* const size, GrusMessage* const message)
{
  struct stat info;
  if (fstat(fileno(stream), &info) || !S_ISREG(info.st_mode) ||
      info.st_size <= 0 || info.st_size > MAX_SIZE) {
    return fail(message, "it is not a file of 1 byte to 1 GiB");
  }

  void* const data = malloc((size_t)info.st_size);
  *size            = (size_t)info.st_size;
  if (!data) {
    return fail(message, "no memory");
  }
  if (fread(data, 1U, *size, stream) != *size) {
    free(data);
    return fail(message, "it cannot be read");
  }
  return data;
}

const GrusModel*
model_cache_load(const char* const path, GrusMessage* const message)
{
  FILE* const stream = fopen(path, "rb");
  if (!stream) {
    fail(message, strerror(errno));
    return NULL;
  }

  size_t      size = 0U;
  void* const data = read_stream(stream, &size, message);
  fclose(stream);
  return data ? use_data(data, size, message) : NULL;
}

const GrusModel*
model_cache_parse(const void* const  data,
                  const size_t       size,
                  GrusMessage* const message)
{
  void* const copy = malloc(size ? size : 1U);
  if (!copy) {
    fail(message, "no memory");
    return NULL;
  }

  memcpy(copy, data, size);
  return use_data(copy, size, message);
}

/// Where the pointer to the entry of a model is
static Entry**
find_model(const GrusModel* const model)
{
  Entry** place = &entries;
  while (*place && (*place)->model != model) {
    place = &(*place)->next;
  }
  return place;
}

void
model_cache_release(const GrusModel* const model)
{
  if (!model) {
    return;
  }

  pthread_mutex_lock(&lock);
  Entry** const place = find_model(model);
  Entry* const  entry = *place;
  if (entry && !--entry->n_users) {
    *place = entry->next;
    grus_model_free(entry->model);
    free(entry->data);
    free(entry);
  }
  pthread_mutex_unlock(&lock);
}

const void*
model_cache_data(const GrusModel* const model, size_t* const size)
{
  pthread_mutex_lock(&lock);
  const Entry* const entry = *find_model(model);
  const void* const  data  = entry ? entry->data : NULL;
  *size                    = entry ? entry->size : 0U;
  pthread_mutex_unlock(&lock);
  return data;
}
