// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/models.h"

#include "cli/model_file.h"
#include "cli/say.h"
#include "grus/grus.h"
#include "grus/slot.h"
#include "host/model_store.h"
#include "host/player.h"

#include <sys/stat.h>
#include <unistd.h>

#include <dirent.h>
#include <libgen.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PATHS = 64, NAME_SIZE = 64 };

static const char ending[] = ".safetensors";

struct LiveModelsImpl {
  Player*     player;
  char*       paths[MAX_PATHS];
  size_t      n_paths;
  size_t      index;
  char        name[NAME_SIZE];
  struct stat played; ///< The file that plays, when it was loaded
  struct stat seen;   ///< The file, when it was last looked at
};

/// Whether a file is listed, by this path or another
static bool
is_listed(const LiveModels* const models, const char* const path)
{
  struct stat file;
  struct stat other;
  const bool  exists = !stat(path, &file);
  for (size_t i = 0U; i < models->n_paths; ++i) {
    if (!strcmp(models->paths[i], path) ||
        (exists && !stat(models->paths[i], &other) &&
         file.st_dev == other.st_dev && file.st_ino == other.st_ino)) {
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

/// Add the models that come with Grus, so that there is a way back to them
static void
add_own(LiveModels* const models)
{
  for (size_t i = 0U; model_file_own(i); ++i) {
    const char* const path = model_file_path(model_file_own(i));
    if (!access(path, R_OK)) {
      add_path(models, path);
    }
  }
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

/// Return the model at `path`, or null after telling why
static const GrusModel*
load(const char* const path, const char* const hint)
{
  GrusMessage            message;
  const GrusModel* const model = model_store_load(path, &message);
  if (!model) {
    say_error(EXIT_FAILED, "model \"%s\": %s%s", path, message.text, hint);
  }
  return model;
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
load_first(LiveModels* const models, const GrusStreamConfig* const config)
{
  const bool  named = models->n_paths > 0U;
  GrusMessage message;
  if (!named) {
    add_path(models, model_file_path(NULL));
  }
  if (!models->n_paths) {
    return say_error(EXIT_FAILED, "no memory for a model");
  }

  const GrusModel* const model =
    load(models->paths[0], named ? "" : " (name one with --model FILE)");
  if (!model) {
    return EXIT_FAILED;
  }

  models->player = player_new(model, config, &message);
  if (!models->player) {
    return say_error(
      EXIT_FAILED, "model \"%s\": %s", models->paths[0], message.text);
  }

  note_file(models);
  add_neighbours(models);
  add_own(models);
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

  for (size_t i = 0U; i < n; ++i) {
    add_path(models, model_file_path(paths[i]));
  }

  const int code = load_first(models, config);
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
    player_free(models->player);
    for (size_t i = 0U; i < models->n_paths; ++i) {
      free(models->paths[i]);
    }
    free(models);
  }
}

GrusSlot*
live_models_slot(const LiveModels* const models)
{
  return player_slot(models->player);
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
live_models_path(const LiveModels* const models)
{
  return models->paths[models->index];
}

const char*
live_models_name(const LiveModels* const models)
{
  return models->name;
}

const GrusModelInfo*
live_models_info(const LiveModels* const models)
{
  return grus_model_info(player_model(models->player));
}

int
live_models_choose(LiveModels* const models, const size_t index)
{
  GrusMessage            message;
  const GrusModel* const model = load(models->paths[index], "");
  if (!model) {
    models->played = models->seen; // Not again until it changes again
    return EXIT_FAILED;
  }
  if (!player_play(models->player, model, &message)) {
    return say_error(
      EXIT_FAILED, "model \"%s\": %s", models->paths[index], message.text);
  }

  models->index = index;
  note_file(models);
  return EXIT_OK;
}

int
live_models_renew(LiveModels* const models)
{
  GrusMessage message;
  return player_renew(models->player, &message)
           ? EXIT_OK
           : say_error(
               EXIT_FAILED, "model \"%s\": %s", models->name, message.text);
}

void
live_models_collect(LiveModels* const models)
{
  player_collect(models->player);
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

int
live_models_choose_named(LiveModels* const models, const char* const text)
{
  const bool        is_own = !strcmp(text, "built-in");
  const char* const path   = model_file_path(is_own ? "voice" : text);
  const size_t      n      = models->n_paths;
  size_t            index  = 0U;
  add_path(models, path);
  while (index < models->n_paths && !is_one_file(models->paths[index], path)) {
    ++index;
  }
  if (index == models->n_paths) {
    return say_error(EXIT_FAILED, "there is no room for more models");
  }

  const int code = live_models_choose(models, index);
  if (code && models->n_paths > n) {
    free(models->paths[--models->n_paths]);
  }
  return code;
}
