// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file workers.h

   The files of a batch in processes of their own, several at a time: a file
   that breaks a decoder takes no other along.
*/

#ifndef GRUS_TOOLS_RENDER_BATCH_WORKERS_WORKERS_H
#define GRUS_TOOLS_RENDER_BATCH_WORKERS_WORKERS_H

#include "render/batch/workers/work.h"

#include <stdbool.h>
#include <stddef.h>

/// What has become of it
typedef struct {
  size_t n_done;
  size_t n_failed;
  double seconds; ///< Of sound that was rendered
  double elapsed; ///< Seconds that it took
  bool   stopped; ///< By a signal, or since the journal cannot be written
} BatchTally;

/**
   Render all items, and tell on the way what they tell.

   SIGINT, SIGTERM and SIGHUP stop it: what is not whole is removed.

   @return EXIT_OK if all succeeded, or EXIT_FAILED.
*/
int
batch_workers_run(const BatchWork* work, BatchTally* tally);

#endif // GRUS_TOOLS_RENDER_BATCH_WORKERS_WORKERS_H
