// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "cli/progress.h"

#include "host/clock.h"

#include <unistd.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum { BAR_WIDTH = 30 };

void
progress_start(Progress* const progress,
               const uint64_t  n_total,
               const uint32_t  sample_rate,
               const bool      wanted)
{
  progress->visible     = wanted && isatty(STDERR_FILENO);
  progress->n_total     = n_total;
  progress->sample_rate = sample_rate;
  progress->start       = clock_seconds();
  progress->shown       = 0.0;
}

static void
draw(const Progress* const progress,
     const uint64_t        n_done,
     const double          elapsed)
{
  char         bar[BAR_WIDTH + 1] = {0};
  const double share =
    progress->n_total ? (double)n_done / (double)progress->n_total : 0.0;
  const double speed =
    elapsed > 0.0 ? (double)n_done / progress->sample_rate / elapsed : 0.0;
  for (int i = 0; i < BAR_WIDTH; ++i) {
    bar[i] = i < (int)(share * BAR_WIDTH) ? '#' : '.';
  }

  const double left = share > 0.0 ? elapsed * (1.0 - share) / share : 0.0;
  fprintf(stderr,
          "\r[%s] %3.0f %%  %.0f x real time  %.0f s left ",
          bar,
          100.0 * share,
          speed,
          left);
  fflush(stderr);
}

void
progress_show(Progress* const progress, const uint64_t n_done)
{
  const double now = progress->visible ? clock_seconds() : 0.0;
  if (progress->visible && now - progress->shown > 0.1) {
    progress->shown = now;
    draw(progress, n_done, now - progress->start);
  }
}

void
progress_end(const Progress* const progress)
{
  if (progress->visible) {
    fprintf(stderr, "\r\033[K");
  }
}
