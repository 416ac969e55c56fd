// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/model_load.h"

#include "grus/grus.h"
#include "host/model_store.h"
#include "host/player.h"

#include <pthread.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// At a time, abandoned ones among them, since each takes memory
enum { MAX_LOADS = 4 };

/// Whose a load is
typedef enum {
  LOADING,   ///< The thread's
  OVER,      ///< The control thread's
  ABANDONED, ///< The thread's, and nobody waits for it
} State;

struct ModelLoadImpl {
  char*            path;
  GrusStreamConfig config;
  GrusStream*      stream;
  GrusMessage      message;
  _Atomic int      state;
};

static _Atomic int n_loads;

static void
free_load(ModelLoad* const load)
{
  free(load->path);
  free(load);
}

/// Change the state if it is still LOADING, return whether it was
static bool
leave_loading(ModelLoad* const load, const State state)
{
  int expected = LOADING;
  return atomic_compare_exchange_strong(&load->state, &expected, (int)state);
}

static void*
run(void* const data)
{
  ModelLoad* const       load  = (ModelLoad*)data;
  const GrusModel* const model = model_store_load(load->path, &load->message);
  if (model) {
    load->stream = player_stream(model, &load->config, &load->message);
  }
  if (!leave_loading(load, OVER)) {
    player_drop(load->stream);
    free_load(load);
  }

  atomic_fetch_sub(&n_loads, 1);
  return NULL;
}

static bool
start_thread(ModelLoad* const load)
{
  pthread_t thread;
  if (pthread_create(&thread, NULL, run, load)) {
    return false;
  }
  pthread_detach(thread);
  return true;
}

ModelLoad*
model_load_begin(const char* const             path,
                 const GrusStreamConfig* const config,
                 GrusMessage* const            message)
{
  ModelLoad* load = NULL;
  if (atomic_fetch_add(&n_loads, 1) < MAX_LOADS) {
    load = (ModelLoad*)calloc(1U, sizeof(ModelLoad));
    snprintf(message->text, sizeof(message->text), "no memory to load it");
  } else {
    snprintf(message->text,
             sizeof(message->text),
             "%d others are still being loaded: try again later",
             MAX_LOADS);
  }
  if (load) {
    load->config = *config;
    load->path   = strdup(path);
  }
  if (load && (!load->path || !start_thread(load))) {
    free_load(load);
    load = NULL;
  }
  if (!load) {
    atomic_fetch_sub(&n_loads, 1);
  }
  return load;
}

bool
model_load_is_over(const ModelLoad* const load)
{
  return atomic_load(&load->state) == OVER;
}

GrusStream*
model_load_end(ModelLoad* const load, GrusMessage* const message)
{
  GrusStream* const stream = load->stream;
  *message                 = load->message;
  free_load(load);
  return stream;
}

void
model_load_abandon(ModelLoad* const load)
{
  if (load && !leave_loading(load, ABANDONED)) {
    player_drop(load->stream);
    free_load(load);
  }
}
