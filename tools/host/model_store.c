// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "host/model_store.h"

#include "grus/grus.h"
#include "host/file_bytes.h"

#include <pthread.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/// Parse `data`; it goes into the new entry, or is freed on error
static Entry*
new_entry(void* const data, const size_t size, GrusMessage* const message)
{
  Entry* const entry = (Entry*)calloc(1U, sizeof(Entry));
  if (!entry) {
    snprintf(message->text, sizeof(message->text), "no memory");
  }
  if (!entry || grus_model_parse(data, size, &entry->model, message)) {
    free(entry);
    free(data);
    return NULL;
  }

  entry->data = data;
  entry->size = size;
  return entry;
}

static void
free_entry(Entry* const entry)
{
  if (entry) {
    grus_model_free(entry->model);
    free(entry->data);
    free(entry);
  }
}

/// Count one more user of the model of `data`, null if nobody has loaded it
static Entry*
use_loaded(const void* const data, const size_t size)
{
  Entry* const entry = find_data(data, size);
  if (entry) {
    ++entry->n_users;
  }
  return entry;
}

/**
   Return the model of `data`, which is taken over.

   Parsing takes its time, so that nobody else waits for it.  Two who load the
   same at once both parse it, and the second takes the first one's.
*/
static const GrusModel*
use_data(void* const data, const size_t size, GrusMessage* const message)
{
  pthread_mutex_lock(&lock);
  Entry* entry = use_loaded(data, size);
  pthread_mutex_unlock(&lock);
  if (entry) {
    free(data);
    return entry->model;
  }

  Entry* own = new_entry(data, size, message);
  if (!own) {
    return NULL;
  }

  pthread_mutex_lock(&lock);
  entry = use_loaded(data, size);
  if (!entry) {
    own->next    = entries;
    own->n_users = 1U;
    entries      = own;
    entry        = own;
    own          = NULL;
  }
  pthread_mutex_unlock(&lock);
  free_entry(own);
  return entry->model;
}

const GrusModel*
model_store_load(const char* const path, GrusMessage* const message)
{
  FileBytes bytes = {NULL, 0U};
  return file_bytes_read(&bytes, path, message)
           ? use_data(bytes.data, bytes.size, message)
           : NULL;
}

const GrusModel*
model_store_parse(const void* const  data,
                  const size_t       size,
                  GrusMessage* const message)
{
  void* const copy = malloc(size ? size : 1U);
  if (!copy) {
    snprintf(message->text, sizeof(message->text), "no memory");
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
model_store_share(const GrusModel* const model)
{
  pthread_mutex_lock(&lock);
  Entry* const entry = *find_model(model);
  if (entry) {
    ++entry->n_users;
  }
  pthread_mutex_unlock(&lock);
}

void
model_store_release(const GrusModel* const model)
{
  if (!model) {
    return;
  }

  pthread_mutex_lock(&lock);
  Entry** const place = find_model(model);
  Entry* const  entry = *place;
  const bool    last  = entry && !--entry->n_users;
  if (last) {
    *place = entry->next;
  }
  pthread_mutex_unlock(&lock);
  if (last) {
    free_entry(entry);
  }
}

const void*
model_store_data(const GrusModel* const model, size_t* const size)
{
  pthread_mutex_lock(&lock);
  const Entry* const entry = *find_model(model);
  const void* const  data  = entry ? entry->data : NULL;
  *size                    = entry ? entry->size : 0U;
  pthread_mutex_unlock(&lock);
  return data;
}
