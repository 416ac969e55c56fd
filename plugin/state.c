// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What a session keeps: the model, by path and hash, and its data if it is to
// be embedded.  Neither saving nor restoring touches what the audio thread has;
// a restored model reaches it through the slot, as any other.

#include "control.h"
#include "host_features.h"
#include "uris.h"
#include "voice.h"

#include <lv2/atom/atom.h>
#include <lv2/core/lv2.h>
#include <lv2/log/logger.h>
#include <lv2/state/state.h>

#include <inttypes.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint32_t portable = LV2_STATE_IS_POD | LV2_STATE_IS_PORTABLE;

/// What the host gives for paths, null where it gives nothing
typedef struct {
  LV2_State_Map_Path*  map;
  LV2_State_Free_Path* free;
} Paths;

static Paths
find_paths(const LV2_Feature* const* const features)
{
  const Paths paths = {
    (LV2_State_Map_Path*)host_features_find(features, LV2_STATE__mapPath),
    (LV2_State_Free_Path*)host_features_find(features, LV2_STATE__freePath)};
  return paths;
}

static void
free_path(const Paths* const paths, char* const path)
{
  if (paths->free) {
    paths->free->free_path(paths->free->handle, path);
  } else {
    free(path);
  }
}

/// Where a reference is stored
typedef struct {
  Voice*                   voice;
  LV2_State_Store_Function store;
  LV2_State_Handle         handle;
  Paths                    paths;
  LV2_State_Status         status;
} Saving;

static void
store_property(Saving* const     saving,
               const LV2_URID    key,
               const void* const value,
               const size_t      size,
               const LV2_URID    type)
{
  if (!saving->status) {
    saving->status =
      saving->store(saving->handle, key, value, size, type, portable);
  }
}

static void
store_path(Saving* const saving, const char* const path)
{
  char* const mapped =
    saving->paths.map && *path
      ? saving->paths.map->abstract_path(saving->paths.map->handle, path)
      : NULL;
  const char* const kept = mapped ? mapped : path;

  store_property(saving,
                 saving->voice->uris.model,
                 kept,
                 strlen(kept) + 1U,
                 saving->voice->uris.atom_Path);
  if (mapped) {
    free_path(&saving->paths, mapped);
  }
}

static void
store_reference(void* const handle, const ModelReference* const reference)
{
  Saving* const     saving = (Saving*)handle;
  const Uris* const uris   = &saving->voice->uris;
  if (!*reference->path) {
    return; // The model of the bundle needs no words
  }

  char hash[17];
  snprintf(hash, sizeof(hash), "%016" PRIx64, reference->hash);
  store_path(saving, reference->path);
  store_property(
    saving, uris->model_hash, hash, sizeof(hash), uris->atom_String);
  if (reference->data) {
    store_property(saving,
                   uris->model_data,
                   reference->data,
                   reference->size,
                   uris->atom_Chunk);
  }
}

static LV2_State_Status
save(const LV2_Handle               instance,
     const LV2_State_Store_Function store_function,
     const LV2_State_Handle         handle,
     const uint32_t                 flags,
     const LV2_Feature* const*      features)
{
  Voice* const voice  = (Voice*)instance;
  Saving       saving = {
          voice, store_function, handle, find_paths(features), LV2_STATE_SUCCESS};
  const int32_t embed =
    atomic_load_explicit(&voice->embed, memory_order_relaxed);
  (void)flags;

  if (!voice->map) {
    return LV2_STATE_ERR_NO_FEATURE;
  }

  store_property(
    &saving, voice->uris.embed, &embed, sizeof(embed), voice->uris.atom_Bool);
  control_save(voice->control, !!embed, store_reference, &saving);
  return saving.status;
}

/// Where values come from
typedef struct {
  Voice*                      voice;
  LV2_State_Retrieve_Function retrieve;
  LV2_State_Handle            handle;
} Restoring;

/// Return a value of the type that it must have, or null
static const void*
retrieve(const Restoring* const restoring,
         const LV2_URID         key,
         const LV2_URID         wanted,
         size_t* const          size)
{
  uint32_t          type  = 0U;
  uint32_t          flags = 0U;
  const void* const value =
    restoring->retrieve(restoring->handle, key, size, &type, &flags);
  return type == wanted ? value : NULL;
}

/// Return a text that ends where it must, or null
static const char*
retrieve_text(const Restoring* const restoring,
              const LV2_URID         key,
              const LV2_URID         wanted)
{
  size_t            size = 0U;
  const char* const text = (const char*)retrieve(restoring, key, wanted, &size);
  return text && size && size <= MAX_PATH && !text[size - 1U] ? text : NULL;
}

static void
restore_model(const Restoring* const restoring,
              const Paths* const     paths,
              const char* const      saved)
{
  Voice* const      voice = restoring->voice;
  const Uris* const uris  = &voice->uris;
  const char* const hash =
    retrieve_text(restoring, uris->model_hash, uris->atom_String);
  char* const mapped = paths->map && *saved
                         ? paths->map->absolute_path(paths->map->handle, saved)
                         : NULL;

  ModelReference reference = {mapped ? mapped : saved, 0U, NULL, 0U};
  reference.hash           = hash ? strtoull(hash, NULL, 16) : 0U;
  reference.data =
    retrieve(restoring, uris->model_data, uris->atom_Chunk, &reference.size);

  GrusMessage message;
  (void)control_load(voice->control, &reference, &message);
  if (message.text[0]) {
    lv2_log_error(&voice->logger, "Grus: %s\n", message.text);
  }
  if (mapped) {
    free_path(paths, mapped);
  }
}

static LV2_State_Status
restore(const LV2_Handle                  instance,
        const LV2_State_Retrieve_Function retrieve_function,
        const LV2_State_Handle            handle,
        const uint32_t                    flags,
        const LV2_Feature* const*         features)
{
  Voice* const    voice     = (Voice*)instance;
  const Restoring restoring = {voice, retrieve_function, handle};
  const Paths     paths     = find_paths(features);
  (void)flags;

  if (!voice->map) {
    return LV2_STATE_ERR_NO_FEATURE;
  }

  size_t            size = 0U;
  const void* const embed =
    retrieve(&restoring, voice->uris.embed, voice->uris.atom_Bool, &size);
  if (embed && size == sizeof(int32_t)) {
    int32_t value = 0;
    memcpy(&value, embed, sizeof(value));
    atomic_store_explicit(&voice->embed, !!value, memory_order_relaxed);
  }

  const char* const path =
    retrieve_text(&restoring, voice->uris.model, voice->uris.atom_Path);
  if (path || embed) {
    restore_model(&restoring, &paths, path ? path : "");
  }
  return LV2_STATE_SUCCESS;
}

const void*
state_interface(void)
{
  static const LV2_State_Interface interface = {save, restore};
  return &interface;
}
