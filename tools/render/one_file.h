// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file one_file.h

   One sound file rendered into another, from opening the input to putting the
   output in its place.
*/

#ifndef GRUS_TOOLS_RENDER_ONE_FILE_H
#define GRUS_TOOLS_RENDER_ONE_FILE_H

#include "cli/model_file.h"
#include "render/job.h"
#include "render/options.h"
#include "render/report.h"

#include <stdbool.h>

/// What is told of a rendering on its way; each may be null
typedef struct {
  /// The output is whole, but not yet in its place
  int (*whole)(void* context, const RenderReport* report);

  /// The output is in its place
  int (*placed)(void* context, const RenderReport* report);

  void* context;

  RenderProgress* progress; ///< Set on the way
  bool            with_envelopes;
} RenderHooks;

/**
   Render `options->in` to `options->out`.

   @param model Loaded as the options say; null to load it here.
   @return EXIT_OK, what a hook returned, or another exit code after telling
   why; the place of the output is untouched then.
*/
int
render_one_file(const RenderOptions* options,
                const ModelFile*     model,
                const RenderHooks*   hooks);

#endif // GRUS_TOOLS_RENDER_ONE_FILE_H
