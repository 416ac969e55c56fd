// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_RENDER_BATCH_WORKERS_WORK_H
#define GRUS_TOOLS_RENDER_BATCH_WORKERS_WORK_H

#include "cli/model_file.h"
#include "render/batch/files/items.h"
#include "render/batch/files/journal.h"
#include "render/options.h"

#include <jansson.h>

#include <stddef.h>

/// What a batch has to do
typedef struct {
  const RenderOptions* options;
  const ModelFile*     model; ///< In memory once for all
  const json_t*        recipe;
  const Journal*       journal;
  BatchItem* const*    items;
  size_t               n;
  size_t               n_jobs; ///< Processes at a time
} BatchWork;

#endif // GRUS_TOOLS_RENDER_BATCH_WORKERS_WORK_H
