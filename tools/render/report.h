// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_RENDER_REPORT_H
#define GRUS_TOOLS_RENDER_REPORT_H

#include "cli/model_file.h"
#include "render/job.h"
#include "render/options.h"

#include <jansson.h>

#include <stdbool.h>

/// Everything that there is to tell about a rendering
typedef struct {
  const RenderOptions* options;
  const ModelFile*     model;
  const Rendering*     rendering;
  const RenderResult*  result;
  double               setup_seconds;
  bool                 stdout_taken; ///< By a table, say
} RenderReport;

/// Return what there is to tell as JSON, or null without memory
json_t*
render_report_json(const RenderReport* report);

/// Print a report for people or, with --json, for scripts; on stderr if sound
/// or a table goes to stdout.  EXIT_OK, or EXIT_FAILED after telling why.
int
render_report(const RenderReport* report);

#endif // GRUS_TOOLS_RENDER_REPORT_H
