// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/models.h"

#include "cli/model_file.h"
#include "cli/say.h"
#include "grus/grus.h"
#include "grus/slot.h"
#include "host/model_store.h"
#include "host/player.h"
#include "live/model_load.h"
#include "live/model_paths.h"

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

enum { REASON_SIZE = 4608 };

/// A model that was wanted, the newest of them
typedef struct {
  ModelLoad*  load; ///< Null once it is over
  uint64_t    number;
  size_t      index;
  LiveWisher  wisher;
  LiveFate    fate;
  bool        is_new; ///< The path was not among the others
  struct stat file;   ///< When it was wanted
  char        name[MODEL_NAME_SIZE];
  char        reason[REASON_SIZE]; ///< Why it failed
} Wish;

struct LiveModelsImpl {
  GrusStreamConfig config;
  Player*          player;
  ModelPaths       paths;
  size_t           index;
  Wish             wish;
  char             name[MODEL_NAME_SIZE];
  struct stat      played; ///< The file that plays, when it was loaded
  struct stat      seen;   ///< The file, when it was last looked at
};

/// Get what a file looks like, zeros if it is not there
static struct stat
look_at(const char* const path)
{
  struct stat file;
  if (stat(path, &file)) {
    memset(&file, 0, sizeof(file));
  }
  return file;
}

/// Remember which file plays, and what it looked like
static void
note_file(LiveModels* const models, const size_t index, const struct stat* file)
{
  models->index  = index;
  models->played = *file;
  models->seen   = *file;
  model_paths_name(models->paths.all[index], models->name);
}

static int
load_first(LiveModels* const models, const GrusStreamConfig* const config)
{
  const bool  named = models->paths.n > 0U;
  GrusMessage message;
  if (!named) {
    (void)model_paths_add(&models->paths, model_file_path(NULL));
  }
  if (!models->paths.n) {
    return say_error(EXIT_FAILED, "no memory for a model");
  }

  const char* const      path  = models->paths.all[0];
  const struct stat      file  = look_at(path);
  const GrusModel* const model = model_store_load(path, &message);
  if (!model) {
    return say_error(EXIT_FAILED,
                     "model \"%s\": %s%s",
                     path,
                     message.text,
                     named ? "" : " (name one with --model FILE)");
  }

  models->player = player_new(model, config, &message);
  if (!models->player) {
    return say_error(EXIT_FAILED, "model \"%s\": %s", path, message.text);
  }

  models->config = *config;
  note_file(models, 0U, &file);
  model_paths_add_neighbours(&models->paths);
  model_paths_add_own(&models->paths);
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
    (void)model_paths_add(&models->paths, model_file_path(paths[i]));
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
    model_load_abandon(models->wish.load);
    player_free(models->player);
    model_paths_free(&models->paths);
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
  return models->paths.n;
}

size_t
live_models_wanted(const LiveModels* const models)
{
  return models->wish.number ? models->wish.index : models->index;
}

const char*
live_models_path(const LiveModels* const models)
{
  return models->paths.all[models->index];
}

const char*
live_models_wanted_path(const LiveModels* const models)
{
  return models->wish.load ? models->paths.all[models->wish.index]
                           : live_models_path(models);
}

const char*
live_models_name(const LiveModels* const models)
{
  return models->name;
}

const char*
live_models_loading(const LiveModels* const models)
{
  return models->wish.load ? models->wish.name : NULL;
}

const GrusModelInfo*
live_models_info(const LiveModels* const models)
{
  return grus_model_info(player_model(models->player));
}

/// End a wish in a failure
static void
fail(LiveModels* const models, const char* const path, const char* const why)
{
  Wish* const wish = &models->wish;
  wish->fate       = LIVE_WISH_FAILED;
  snprintf(wish->reason, REASON_SIZE, "model \"%.4096s\": %s", path, why);
  if (wish->wisher != LIVE_ASKED_FOR) {
    say_error(EXIT_FAILED, "%s", wish->reason);
  }
  if (wish->wisher == LIVE_CHANGED) {
    models->played = models->seen; // Not again until it changes again
  }
}

/// Forget a path that only a wish has brought, once that came to nothing
static void
forget_path(LiveModels* const models)
{
  Wish* const wish = &models->wish;
  if (wish->is_new) {
    model_paths_forget_last(&models->paths);
    wish->is_new = false;
    wish->index  = models->index;
  }
}

/// Let go of the model that is loaded, since another one is wanted
static void
abandon(LiveModels* const models)
{
  if (models->wish.load) {
    model_load_abandon(models->wish.load);
    models->wish.load = NULL;
    forget_path(models);
  }
}

uint64_t
live_models_choose(LiveModels* const models,
                   const size_t      index,
                   const LiveWisher  wisher)
{
  Wish* const       wish = &models->wish;
  const char* const path = models->paths.all[index];
  GrusMessage       message;
  abandon(models);
  ++wish->number;
  wish->index  = index;
  wish->wisher = wisher;
  wish->fate   = LIVE_WISH_LOADS;
  wish->file   = look_at(path);
  wish->load   = model_load_begin(path, &models->config, &message);
  model_paths_name(path, wish->name);
  if (!wish->load) {
    fail(models, path, message.text);
  }
  return wish->number;
}

LiveFate
live_models_fate(const LiveModels* const models,
                 const uint64_t          number,
                 const char** const      reason)
{
  *reason = models->wish.reason;
  return number == models->wish.number ? models->wish.fate : LIVE_WISH_REPLACED;
}

/// Have the model played that is loaded, or tell why it cannot be
static void
end_wish(LiveModels* const models)
{
  Wish* const       wish = &models->wish;
  GrusMessage       message;
  GrusStream* const stream = model_load_end(wish->load, &message);
  wish->load               = NULL;
  if (!stream) {
    fail(models, models->paths.all[wish->index], message.text);
    forget_path(models);
    return;
  }

  player_play_stream(models->player, stream);
  note_file(models, wish->index, &wish->file);
  wish->fate   = LIVE_WISH_PLAYS;
  wish->is_new = false;
  if (wish->wisher == LIVE_CHANGED) {
    say_error(EXIT_OK, "model \"%s\" is loaded again", models->name);
  }
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
  if (models->wish.load && model_load_is_over(models->wish.load)) {
    end_wish(models);
  }
  player_collect(models->player);
}

static bool
is_same(const struct stat* const a, const struct stat* const b)
{
  return a->st_ino == b->st_ino && a->st_size == b->st_size &&
         a->st_mtim.tv_sec == b->st_mtim.tv_sec &&
         a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

void
live_models_watch(LiveModels* const models)
{
  struct stat now;
  if (models->wish.load || stat(models->paths.all[models->index], &now)) {
    return; // Another one comes, or this one may be on its way
  }

  const bool rests   = is_same(&now, &models->seen);
  const bool changed = !is_same(&now, &models->played);
  models->seen       = now;
  if (rests && changed) {
    (void)live_models_choose(models, models->index, LIVE_CHANGED);
  }
}

uint64_t
live_models_choose_named(LiveModels* const models,
                         const char* const text,
                         const LiveWisher  wisher)
{
  const bool        is_own = !strcmp(text, "built-in");
  const char* const path   = model_file_path(is_own ? "voice" : text);
  abandon(models);

  const size_t n     = models->paths.n;
  const size_t index = model_paths_add(&models->paths, path);
  if (index == MODEL_PATHS_MAX) {
    models->wish.wisher = wisher;
    fail(models, path, "there is no room for more models");
    return ++models->wish.number;
  }

  models->wish.is_new   = models->paths.n > n;
  const uint64_t number = live_models_choose(models, index, wisher);
  if (!models->wish.load) {
    forget_path(models);
  }
  return number;
}
