// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/models.h"

#include "cli/model_file.h"
#include "cli/say.h"
#include "grus/grus.h"
#include "grus/slot.h"

#include <sys/stat.h>

#include <dirent.h>
#include <libgen.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  MAX_PATHS  = 64,
  MAX_LOADED = 32, ///< More than a slot holds streams
  NAME_SIZE  = 64,
};

static const char ending[] = ".safetensors";

/// A stream in the slot, and the model that nobody else uses
typedef struct {
  GrusModel*  model;
  GrusStream* stream; ///< Null where there is none
} Loaded;

struct LiveModelsImpl {
  GrusStreamConfig config;
  GrusSlot*        slot;
  char*            paths[MAX_PATHS];
  size_t           n_paths;
  size_t           index;
  char             name[NAME_SIZE];
  GrusModel*       newest; ///< One of those loaded
  Loaded           loaded[MAX_LOADED];
  struct stat      played; ///< The file that plays, when it was loaded
  struct stat      seen;   ///< The file, when it was last looked at
};

static bool
is_listed(const LiveModels* const models, const char* const path)
{
  for (size_t i = 0U; i < models->n_paths; ++i) {
    if (!strcmp(models->paths[i], path)) {
      return true;
    }
  }

  return false;
}

/// Add a path; what has no room cannot be chosen
static void
add_path(LiveModels* const models, const char* const path)
{
  if (models->n_paths < MAX_PATHS && !is_listed(models, path)) {
    char* const copy = strdup(path);
    if (copy) {
      models->paths[models->n_paths++] = copy;
    }
  }
}

static int
is_model(const struct dirent* const entry)
{
  const size_t size = strlen(entry->d_name);
  return size >= sizeof(ending) &&
         !strcmp(entry->d_name + size - (sizeof(ending) - 1U), ending);
}

/// Add the other models in the folder of the first
static void
add_neighbours(LiveModels* const models)
{
  char* const     copy    = strdup(models->paths[0]);
  char* const     folder  = copy ? dirname(copy) : NULL;
  struct dirent** entries = NULL;
  const int n = folder ? scandir(folder, &entries, is_model, alphasort) : -1;
  for (int i = 0; i < n; ++i) {
    const size_t size = strlen(folder) + strlen(entries[i]->d_name) + 2U;
    char* const  path = (char*)malloc(size);
    if (path) {
      snprintf(path, size, "%s/%s", folder, entries[i]->d_name);
      add_path(models, path);
    }
    free(path);
    free(entries[i]);
  }

  free(entries);
  free(copy);
}

static void
set_name(LiveModels* const models)
{
  const char* const path  = models->paths[models->index];
  const char* const slash = strrchr(path, '/');
  snprintf(models->name, NAME_SIZE, "%s", slash ? slash + 1 : path);

  char* const dot = strstr(models->name, ending);
  if (dot) {
    *dot = '\0';
  }
}

static Loaded*
find_loaded(LiveModels* const models, const GrusStream* const stream)
{
  for (size_t i = 0U; i < MAX_LOADED; ++i) {
    if (models->loaded[i].stream == stream) {
      return &models->loaded[i];
    }
  }

  return NULL;
}

static void
unload(Loaded* const loaded)
{
  grus_stream_free(loaded->stream);
  grus_model_free(loaded->model);
  loaded->stream = NULL;
  loaded->model  = NULL;
}

/// Load the model at `path`, null for the default, and make a stream over it
static int
load(LiveModels* const models, const char* const path, Loaded** const result)
{
  Loaded* const loaded = find_loaded(models, NULL);
  ModelFile     file   = {0};
  GrusMessage   message;
  if (!loaded) {
    return say_error(EXIT_FAILED, "too many models wait to be played");
  }
  if (model_file_load(path, &file)) {
    return EXIT_FAILED;
  }
  if (grus_stream_new(file.model, &models->config, &loaded->stream, &message)) {
    grus_model_free(file.model);
    return say_error(EXIT_FAILED, "model \"%s\": %s", file.path, message.text);
  }

  loaded->model  = file.model;
  models->newest = file.model;
  if (!models->n_paths) {
    add_path(models, file.path);
  }
  *result = loaded;
  return EXIT_OK;
}

/// Remember what the file that plays looks like
static void
note_file(LiveModels* const models)
{
  memset(&models->played, 0, sizeof(models->played));
  (void)stat(models->paths[models->index], &models->played);
  models->seen = models->played;
  set_name(models);
}

static int
load_first(LiveModels* const models)
{
  Loaded*   loaded = NULL;
  const int code =
    load(models, models->n_paths ? models->paths[0] : NULL, &loaded);
  if (code) {
    return code;
  }

  models->slot = grus_slot_new(
    loaded->stream, models->config.n_channels, models->config.sample_rate);
  if (!models->slot || !models->n_paths) {
    return say_error(EXIT_FAILED, "no memory for a model");
  }

  note_file(models);
  add_neighbours(models);
  return EXIT_OK;
}

int
live_models_new(const char* const* const      paths,
                const size_t                  n,
                const GrusStreamConfig* const config,
                LiveModels** const            result)
{
  LiveModels* const models = (LiveModels*)calloc(1U, sizeof(LiveModels));
  if (!models) {
    return say_error(EXIT_FAILED, "no memory for a model");
  }

  models->config = *config;
  for (size_t i = 0U; i < n; ++i) {
    add_path(models, model_file_path(paths[i]));
  }

  const int code = load_first(models);
  if (code) {
    live_models_free(models);
    return code;
  }

  *result = models;
  return EXIT_OK;
}

void
live_models_free(LiveModels* const models)
{
  if (models) {
    for (size_t i = 0U; i < MAX_LOADED; ++i) {
      if (models->slot) {
        models->loaded[i].stream = NULL; // The slot's
      }
    }
    grus_slot_free(models->slot);
    for (size_t i = 0U; i < MAX_LOADED; ++i) {
      unload(&models->loaded[i]);
    }
    for (size_t i = 0U; i < models->n_paths; ++i) {
      free(models->paths[i]);
    }
    free(models);
  }
}

GrusSlot*
live_models_slot(const LiveModels* const models)
{
  return models->slot;
}

size_t
live_models_count(const LiveModels* const models)
{
  return models->n_paths;
}

size_t
live_models_index(const LiveModels* const models)
{
  return models->index;
}

const char*
live_models_name(const LiveModels* const models)
{
  return models->name;
}

const GrusModelInfo*
live_models_info(const LiveModels* const models)
{
  return grus_model_info(models->newest);
}

/// Free a stream that came back from the slot, and its model
static void
free_stream(LiveModels* const models, const GrusStream* const stream)
{
  Loaded* const loaded = stream ? find_loaded(models, stream) : NULL;
  if (loaded) {
    unload(loaded);
  }
}

int
live_models_choose(LiveModels* const models, const size_t index)
{
  Loaded*   loaded = NULL;
  const int code   = load(models, models->paths[index], &loaded);
  if (code) {
    models->played = models->seen; // Not again until it changes again
    return code;
  }

  // What the even load needs to know before the first block
  grus_stream_set_param(loaded->stream,
                        GRUS_PARAM_EVEN_LOAD,
                        grus_slot_param(models->slot, GRUS_PARAM_EVEN_LOAD));
  free_stream(models, grus_slot_publish(models->slot, loaded->stream));
  models->index = index;
  note_file(models);
  return EXIT_OK;
}

void
live_models_collect(LiveModels* const models)
{
  for (GrusStream* s = NULL; (s = grus_slot_collect(models->slot));) {
    free_stream(models, s);
  }
}

static bool
is_same(const struct stat* const a, const struct stat* const b)
{
  return a->st_ino == b->st_ino && a->st_size == b->st_size &&
         a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
         a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

bool
live_models_has_changed(LiveModels* const models)
{
  struct stat now;
  if (stat(models->paths[models->index], &now)) {
    return false; // It may be on its way
  }

  const bool rests   = is_same(&now, &models->seen);
  const bool changed = !is_same(&now, &models->played);
  models->seen       = now;
  return rests && changed;
}
