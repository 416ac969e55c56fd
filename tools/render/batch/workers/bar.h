// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_RENDER_BATCH_WORKERS_BAR_H
#define GRUS_TOOLS_RENDER_BATCH_WORKERS_BAR_H

#include "render/batch/files/items.h"
#include "render/batch/workers/work.h"

#include <stdbool.h>
#include <stddef.h>

/// How far a batch is: one line on a terminal, nothing elsewhere
typedef struct {
  bool   visible;
  size_t n;
  size_t n_done; ///< Or failed
  size_t n_failed;
  double guessed;      ///< Seconds of sound in all files, by their sizes
  double guessed_done; ///< Of these, in those done
  double seconds_done; ///< What they really held
  double start;
  double shown; ///< When it was last drawn, 0 if it is not there
} BatchBar;

/// Start
void
batch_bar_start(BatchBar* bar, const BatchWork* work);

/// Count a file that held so many seconds, or a negative number if it failed
void
batch_bar_count(BatchBar* bar, const BatchItem* item, double seconds);

/// Draw, a few times a second; `seconds` were rendered of files in work
void
batch_bar_show(BatchBar* bar, double seconds);

/// Take the line away, so that another can be written
void
batch_bar_hide(BatchBar* bar);

#endif // GRUS_TOOLS_RENDER_BATCH_WORKERS_BAR_H
