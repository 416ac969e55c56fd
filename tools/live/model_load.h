// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file model_load.h

   A model that is loaded by a thread of its own, up to a stream that can be
   played, while keys and commands are obeyed.  Control thread.
*/

#ifndef GRUS_TOOLS_LIVE_MODEL_LOAD_H
#define GRUS_TOOLS_LIVE_MODEL_LOAD_H

#include "grus/grus.h"

#include <stdbool.h>

/// A model on its way
typedef struct ModelLoadImpl ModelLoad;

/**
   Begin to load the model at `path`.

   @param config Of the stream; its text stays the caller's, for good.
   @param message Set to the reason if null is returned.
   @return A load to be ended with model_load_end() or model_load_abandon().
*/
ModelLoad*
model_load_begin(const char*             path,
                 const GrusStreamConfig* config,
                 GrusMessage*            message);

/// Whether a load is over, so that ending it does not wait
bool
model_load_is_over(const ModelLoad* load);

/**
   Free a load that is over and return its stream, for player.h.

   @param message Set to the reason if null is returned.
*/
GrusStream*
model_load_end(ModelLoad* load, GrusMessage* message);

/// Let a load (null is allowed) go, which frees itself once it is over
void
model_load_abandon(ModelLoad* load);

#endif // GRUS_TOOLS_LIVE_MODEL_LOAD_H
