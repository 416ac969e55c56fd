// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "control.h"

#include "grus/grus.h"
#include "grus/ring.h"
#include "grus/slot.h"
#include "host/model_store.h"

#include <pthread.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_NEWS = 4 };

static const char default_file[] = "voice.safetensors";

struct ControlImpl {
  pthread_mutex_t  lock;
  GrusSlot*        slot;
  GrusRing*        news;
  uint32_t         n_channels;
  uint32_t         sample_rate;
  char*            bundle_path;
  const GrusModel* model;   ///< Of the newest stream
  uint64_t         wanted;  ///< Hash of the model that `path` refers to
  char*            path;    ///< Empty for the model in the bundle
  char*            missing; ///< Data of a model that could not be loaded
  size_t           missing_size;
  char             error[GRUS_MESSAGE_SIZE];
};

/// Free a stream (null is allowed), then give its model back
static void
free_stream(GrusStream* const stream)
{
  if (stream) {
    const GrusModel* const model = grus_stream_model(stream);
    grus_stream_free(stream);
    model_store_release(model);
  }
}

static void
collect(Control* const control)
{
  for (GrusStream* s = NULL; (s = grus_slot_collect(control->slot));) {
    free_stream(s);
  }
}

static GrusStream*
new_stream(const Control* const   control,
           const GrusModel* const model,
           GrusMessage* const     message)
{
  const GrusStreamConfig config = {
    control->sample_rate, control->n_channels, NULL};
  GrusStream* stream = NULL;
  if (grus_stream_new(model, &config, &stream, message)) {
    model_store_release(model);
    return NULL;
  }

  for (uint32_t i = 0U; control->slot && i < GRUS_N_PARAMS; ++i) {
    const GrusParam param = (GrusParam)i;
    grus_stream_set_param(stream, param, grus_slot_param(control->slot, param));
  }
  return stream;
}

/// Tell the audio thread what there is
static void
publish_news(Control* const control)
{
  const GrusModelInfo* const info = grus_model_info(control->model);
  ModelNews                  news;

  memset(&news, 0, sizeof(news));
  snprintf(news.path, sizeof(news.path), "%s", control->path);
  snprintf(news.name, sizeof(news.name), "%s", info->name);
  snprintf(news.error, sizeof(news.error), "%s", control->error);
  news.sample_rate = info->sample_rate;
  (void)grus_ring_write(control->news, &news, sizeof(news));
}

/// Play a model, which is taken over
static bool
play(Control* const         control,
     const GrusModel* const model,
     GrusMessage* const     message)
{
  GrusStream* const stream = new_stream(control, model, message);
  if (!stream) {
    return false;
  }

  control->model = model;
  free_stream(grus_slot_publish(control->slot, stream));
  collect(control);
  return true;
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
  control->n_channels  = n_channels;
  control->sample_rate = sample_rate;
  control->bundle_path = strdup(bundle_path);
  control->path        = strdup("");
  control->news        = grus_ring_new(N_NEWS * (uint32_t)sizeof(ModelNews));

  GrusStream* stream = NULL;
  if (control->bundle_path && control->path && control->news) {
    control->model = load_from_bundle(control, default_file, message);
    stream =
      control->model ? new_stream(control, control->model, message) : NULL;
  }
  if (stream) {
    control->slot = grus_slot_new(stream, n_channels, sample_rate);
  }
  if (!control->slot) {
    free_stream(stream);
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

  if (control->slot) {
    // A stream's model goes back when the stream is gone: take them all out
    collect(control);
    grus_slot_reset(control->slot);
    collect(control);
    const GrusModel* const last =
      grus_stream_model(grus_slot_stream(control->slot));
    grus_slot_free(control->slot);
    model_store_release(last);
  }
  pthread_mutex_destroy(&control->lock);
  grus_ring_free(control->news);
  free(control->missing);
  free(control->path);
  free(control->bundle_path);
  free(control);
}

GrusSlot*
control_slot(const Control* const control)
{
  return control->slot;
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
  const bool             ok    = model && play(control, model, &reason);

  keep_reference(control, reference, !ok);
  message->text[0] = '\0';
  if (ok) {
    control->wanted = grus_model_info(control->model)->hash;
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
  // The cache counts users by the data, so this is one more of the same
  size_t                 size  = 0U;
  const void* const      data  = model_store_data(control->model, &size);
  const GrusModel* const model = model_store_parse(data, size, &message);
  const bool             ok    = model && play(control, model, &message);
  pthread_mutex_unlock(&control->lock);
  return ok;
}

void
control_collect(Control* const control)
{
  pthread_mutex_lock(&control->lock);
  collect(control);
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
    reference.data = model_store_data(control->model, &reference.size);
  }
  visit(handle, &reference);
  pthread_mutex_unlock(&control->lock);
}

bool
control_take_news(Control* const control, ModelNews* const news)
{
  bool any = false;
  while (grus_ring_read(control->news, news, sizeof(*news))) {
    any = true;
  }
  return any;
}
