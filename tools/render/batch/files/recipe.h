// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_RENDER_BATCH_FILES_RECIPE_H
#define GRUS_TOOLS_RENDER_BATCH_FILES_RECIPE_H

#include "cli/model_file.h"
#include "render/options.h"

#include <jansson.h>

/**
   Describe everything but the input that the sound of an output depends on:
   the model by its hash, and the options.

   @param recipe Set, to be freed with json_decref(); null on failure.
   @return EXIT_OK, or another exit code after telling why.
*/
int
batch_recipe(const RenderOptions* options,
             const ModelFile*     model,
             json_t**             recipe);

#endif // GRUS_TOOLS_RENDER_BATCH_FILES_RECIPE_H
