// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file models.h

   The models that `grus live` can play, the one that it plays, the one that is
   wanted and loaded meanwhile, and the streams over them, until the audio
   thread is done with them.  Control thread; nothing but live_models_new()
   waits for a model to be loaded.
*/

#ifndef GRUS_TOOLS_LIVE_MODELS_H
#define GRUS_TOOLS_LIVE_MODELS_H

#include "grus/grus.h"
#include "grus/slot.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Models and streams
typedef struct LiveModelsImpl LiveModels;

/// Who wants a model
typedef enum {
  LIVE_WANTED,    ///< Somebody at the keys, who is told if it fails
  LIVE_ASKED_FOR, ///< Somebody who asks with live_models_fate()
  LIVE_CHANGED,   ///< Nobody: its file is another one
} LiveWisher;

/// What has become of a wish
typedef enum {
  LIVE_WISH_LOADS,
  LIVE_WISH_PLAYS,
  LIVE_WISH_FAILED,
  LIVE_WISH_REPLACED, ///< By a later one
} LiveFate;

/**
   Load the first model and make a slot that plays it.

   Beside those that are named, the models in the folder of the first and then
   those that come with Grus can be chosen.

   @param paths `n` paths; none for the default model.
   @param models Set to new models, to be freed with live_models_free().
   @return EXIT_OK, or EXIT_FAILED after telling why.
*/
int
live_models_new(const char* const*      paths,
                size_t                  n,
                const GrusStreamConfig* config,
                LiveModels**            models);

/// Free `models` (null is allowed) and the slot, once no sound runs
void
live_models_free(LiveModels* models);

/// Return the slot, valid as long as `models`
GrusSlot*
live_models_slot(const LiveModels* models);

/// Return the number of models to choose from
size_t
live_models_count(const LiveModels* models);

/// Return the index of the model that was last wanted, or plays
size_t
live_models_wanted(const LiveModels* models);

/// Return the path of the model that plays
const char*
live_models_path(const LiveModels* models);

/// Return the path of the model that is loaded meanwhile, else that plays
const char*
live_models_wanted_path(const LiveModels* models);

/// Return the name of the model that plays: that of its file
const char*
live_models_name(const LiveModels* models);

/// Return the name of the model that is loaded meanwhile, or null
const char*
live_models_loading(const LiveModels* models);

/// Return the facts about the model that plays
const GrusModelInfo*
live_models_info(const LiveModels* models);

/**
   Begin to load a model, to be played as soon as that is done.

   It takes the place of one that is still being loaded.

   @return The number of the wish, for live_models_fate().
*/
uint64_t
live_models_choose(LiveModels* models, size_t index, LiveWisher wisher);

/// Likewise, the model that a text means, as for --model, or "built-in": the
/// one that comes with Grus
uint64_t
live_models_choose_named(LiveModels* models,
                         const char* text,
                         LiveWisher  wisher);

/// Return what has become of a wish; for one that failed, set `reason` to a
/// line that is valid until the next wish
LiveFate
live_models_fate(const LiveModels* models, uint64_t wish, const char** reason);

/// Load the model that plays again if its file has changed and is at rest
void
live_models_watch(LiveModels* models);

/// Have a new stream over the model that plays, as it was loaded, begin; on
/// failure tell why and play on
int
live_models_renew(LiveModels* models);

/// Have the model played that is loaded by now, or tell why it is not, and free
/// what the audio thread is done with
void
live_models_collect(LiveModels* models);

#endif // GRUS_TOOLS_LIVE_MODELS_H
