// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file batch.h

   Many files in one call: find them, render those that are not done, keep a
   journal, report.
*/

#ifndef GRUS_TOOLS_RENDER_BATCH_BATCH_H
#define GRUS_TOOLS_RENDER_BATCH_BATCH_H

#include "render/options.h"

/**
   Render all files into `options->batch.folder`.

   @return EXIT_OK, EXIT_FAILED if a file failed, which does not stop the
   others, or EXIT_USAGE, before anything is written.
*/
int
batch_run(const RenderOptions* options);

#endif // GRUS_TOOLS_RENDER_BATCH_BATCH_H
