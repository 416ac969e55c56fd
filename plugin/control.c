// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "control.h"

#include "grus/grus.h"
#include "grus/slot.h"
#include "host/model_store.h"
#include "host/player.h"

#include <pthread.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char default_file[] = "voice.safetensors";

struct ControlImpl {
  pthread_mutex_t lock;
  Player*         player;
  NewsBoard       news;
  char*           bundle_path;
  uint64_t        wanted;  ///< Hash of the model that `path` refers to
  char*           path;    ///< Empty for the model in the bundle
  char*           missing; ///< Data of a model that could not be loaded
  size_t          missing_size;
  char            error[GRUS_MESSAGE_SIZE];
};

/// Tell the audio thread what there is
static void
publish_news(Control* const control)
{
  const GrusModelInfo* const info =
    grus_model_info(player_model(control->player));
  ModelNews news;

  memset(&news, 0, sizeof(news));
  snprintf(news.path, sizeof(news.path), "%s", control->path);
  snprintf(news.name, sizeof(news.name), "%s", info->name);
  snprintf(news.license, sizeof(news.license), "%s", info->license);
  snprintf(news.error, sizeof(news.error), "%s", control->error);
  news.sample_rate = info->sample_rate;
  news_board_put(&control->news, &news);
}

static char*
bundle_file(const Control* const control, const char* const name)
{
  const size_t size = strlen(control->bundle_path) + strlen(name) + 2U;
  char* const  path = (char*)malloc(size);
  if (path) {
    snprintf(path, size, "%s/%s", control->bundle_path, name);
  }
  return path;
}

/// Load a file of the bundle
static const GrusModel*
load_from_bundle(const Control* const control,
                 const char* const    name,
                 GrusMessage* const   message)
{
  const GrusModel* model = NULL;
  char* const      path  = bundle_file(control, name);
  if (path) {
    model = model_store_load(path, message);
  } else {
    snprintf(message->text, sizeof(message->text), "no memory");
  }

  free(path);
  return model;
}

Control*
control_new(const char* const  bundle_path,
            const uint32_t     n_channels,
            const uint32_t     sample_rate,
            GrusMessage* const message)
{
  Control* const control = (Control*)calloc(1U, sizeof(Control));
  if (!control) {
    return NULL;
  }

  pthread_mutex_init(&control->lock, NULL);
  control->bundle_path = strdup(bundle_path);
  control->path        = strdup("");
  news_board_start(&control->news);

  const GrusModel* const model =
    control->bundle_path && control->path
      ? load_from_bundle(control, default_file, message)
      : NULL;
  const GrusStreamConfig config = {sample_rate, n_channels, NULL};
  control->player = model ? player_new(model, &config, message) : NULL;
  if (!control->player) {
    control_free(control);
    return NULL;
  }

  publish_news(control);
  return control;
}

void
control_free(Control* const control)
{
  if (!control) {
    return;
  }

  player_free(control->player);
  pthread_mutex_destroy(&control->lock);
  free(control->missing);
  free(control->path);
  free(control->bundle_path);
  free(control);
}

GrusSlot*
control_slot(const Control* const control)
{
  return player_slot(control->player);
}

/// Load the file that a reference names, if it is still the same
static const GrusModel*
load_file(const ModelReference* const reference, GrusMessage* const message)
{
  const GrusModel* const model = model_store_load(reference->path, message);
  if (model && reference->hash &&
      grus_model_info(model)->hash != reference->hash) {
    snprintf(message->text,
             sizeof(message->text),
             "it is not the model that the session was saved with");
    model_store_release(model);
    return NULL;
  }
  return model;
}

/// Load what a reference means, from wherever it is
static const GrusModel*
find_model(const Control* const        control,
           const ModelReference* const reference,
           GrusMessage* const          message)
{
  if (!*reference->path) {
    return load_from_bundle(control, default_file, message);
  }

  const GrusModel* model = load_file(reference, message);
  if (!model && reference->data) {
    GrusMessage ignored;
    model = model_store_parse(reference->data, reference->size, &ignored);
  }
  if (!model && reference->hash) {
    const char* const slash = strrchr(reference->path, '/');
    char* const       path =
      bundle_file(control, slash ? slash + 1 : reference->path);
    const ModelReference moved = {path, reference->hash, NULL, 0U};
    GrusMessage          ignored;
    model = path ? load_file(&moved, &ignored) : NULL;
    free(path);
  }
  return model;
}

/// Keep what a session refers to, to be saved again
static void
keep_reference(Control* const              control,
               const ModelReference* const reference,
               const bool                  with_data)
{
  char* const path = strdup(reference->path);
  if (path) {
    free(control->path);
    control->path = path;
  }

  free(control->missing);
  control->missing      = NULL;
  control->missing_size = 0U;
  control->wanted       = reference->hash;
  if (with_data && reference->data) {
    control->missing = (char*)malloc(reference->size);
    if (control->missing) {
      memcpy(control->missing, reference->data, reference->size);
      control->missing_size = reference->size;
    }
  }
}

bool
control_load(Control* const              control,
             const ModelReference* const reference,
             GrusMessage* const          message)
{
  GrusMessage reason = {""};

  pthread_mutex_lock(&control->lock);
  const GrusModel* const model = find_model(control, reference, &reason);
  const bool ok = model && player_play(control->player, model, &reason);

  keep_reference(control, reference, !ok);
  message->text[0] = '\0';
  if (ok) {
    control->wanted = grus_model_info(player_model(control->player))->hash;
  } else {
    snprintf(message->text,
             sizeof(message->text),
             "model \"%.100s\": %.140s",
             *reference->path ? reference->path : default_file,
             reason.text);
  }
  snprintf(control->error, sizeof(control->error), "%s", message->text);
  publish_news(control);
  pthread_mutex_unlock(&control->lock);
  return ok;
}

bool
control_rebuild(Control* const control)
{
  GrusMessage message;

  pthread_mutex_lock(&control->lock);
  const bool ok = player_renew(control->player, &message);
  pthread_mutex_unlock(&control->lock);
  return ok;
}

void
control_collect(Control* const control)
{
  pthread_mutex_lock(&control->lock);
  player_collect(control->player);
  pthread_mutex_unlock(&control->lock);
}

void
control_save(Control* const control,
             const bool     embed,
             void (*const visit)(void*, const ModelReference*),
             void* const handle)
{
  pthread_mutex_lock(&control->lock);
  ModelReference reference = {control->path, control->wanted, NULL, 0U};
  if (control->missing) {
    reference.data = control->missing;
    reference.size = control->missing_size;
  } else if (embed && *control->path) {
    reference.data =
      model_store_data(player_model(control->player), &reference.size);
  }
  visit(handle, &reference);
  pthread_mutex_unlock(&control->lock);
}

bool
control_take_news(Control* const control, ModelNews* const news)
{
  return news_board_take(&control->news, news);
}
