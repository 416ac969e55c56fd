// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file child.h

   The process that renders one file of a batch.
*/

#ifndef GRUS_TOOLS_RENDER_BATCH_WORKERS_CHILD_H
#define GRUS_TOOLS_RENDER_BATCH_WORKERS_CHILD_H

#include "render/batch/files/items.h"
#include "render/batch/workers/work.h"
#include "render/job.h"

/// Exit code of a child that cannot write the journal: no other could
enum { EXIT_NO_JOURNAL = 3 };

/**
   Render an item and write into the journal what became of it.

   @param progress How far it is, in memory that is shared with the parent.
   @param lines Takes the lines that there are to tell.
   @return The exit code of the process.
*/
int
batch_child_run(const BatchWork* work,
                const BatchItem* item,
                RenderProgress*  progress,
                int              lines);

#endif // GRUS_TOOLS_RENDER_BATCH_WORKERS_CHILD_H
