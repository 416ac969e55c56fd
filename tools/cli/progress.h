// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_CLI_PROGRESS_H
#define GRUS_TOOLS_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>

/// A bar on a terminal, nothing elsewhere
typedef struct {
  bool     visible;
  uint64_t n_total; ///< Frames, 0 if not known
  uint32_t sample_rate;
  double   start; ///< Seconds
  double   shown; ///< When the bar was last drawn
} Progress;

/// Start a bar on stderr, if that is a terminal and `wanted`
void
progress_start(Progress* progress,
               uint64_t  n_total,
               uint32_t  sample_rate,
               bool      wanted);

/// Show that `n_done` frames are done, a few times a second
void
progress_show(Progress* progress, uint64_t n_done);

/// Take the bar away
void
progress_end(const Progress* progress);

#endif // GRUS_TOOLS_CLI_PROGRESS_H
