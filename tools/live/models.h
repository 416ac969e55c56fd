// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file models.h

   The models that `grus live` can play, the one that it plays, and the streams
   over them, until the audio thread is done with them.  Control thread.
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

/// Return the index of the model that plays
size_t
live_models_index(const LiveModels* models);

/// Return the path of the model that plays
const char*
live_models_path(const LiveModels* models);

/// Return the name of the model that plays: that of its file
const char*
live_models_name(const LiveModels* models);

/// Return the facts about the model that plays
const GrusModelInfo*
live_models_info(const LiveModels* models);

/// Load a model and have it played; on failure tell why and play on
int
live_models_choose(LiveModels* models, size_t index);

/// Have a new stream over the model that plays, as it was loaded, begin; on
/// failure tell why and play on
int
live_models_renew(LiveModels* models);

/// Free what the audio thread is done with
void
live_models_collect(LiveModels* models);

/// Return whether the file of the model that plays has changed and is at rest
bool
live_models_has_changed(LiveModels* models);

/// Load the model that a text means, as for --model, or "built-in": the one
/// that comes with Grus; on failure tell why and play on
int
live_models_choose_named(LiveModels* models, const char* text);

#endif // GRUS_TOOLS_LIVE_MODELS_H
