// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file presets.h

   The presets that come with Grus: names for sets of parameters.
*/

#ifndef GRUS_HOST_PRESETS_H
#define GRUS_HOST_PRESETS_H

#include "grus/grus.h"

#include <stdbool.h>
#include <stddef.h>

/// All presets
typedef struct PresetsImpl Presets;

/**
   Load the presets that come with Grus, to be freed with presets_free().

   @param message Set to the reason, with the path, on error.
   @return Whether they were loaded.
*/
bool
presets_load(Presets** presets, GrusMessage* message);

/// Load the presets in a file, likewise
bool
presets_load_file(Presets** presets, const char* path, GrusMessage* message);

/// Free `presets` (null is allowed)
void
presets_free(Presets* presets);

/// Return the name of preset `index`, or null beyond the last
const char*
presets_name(const Presets* presets, size_t index);

/// Find a preset by its name; the message says which there are if it is none
bool
presets_find(const Presets* presets,
             const char*    name,
             size_t*        index,
             GrusMessage*   message);

/**
   Get the values of preset `index`.

   What a preset does not name is at its default, but for what presets do not
   set (preset_params.h): those values are NaN.
*/
void
presets_values(const Presets* presets,
               size_t         index,
               float          values[GRUS_N_PARAMS]);

#endif // GRUS_HOST_PRESETS_H
