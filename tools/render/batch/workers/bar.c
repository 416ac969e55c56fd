// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "render/batch/workers/bar.h"

#include "host/clock.h"
#include "render/batch/files/items.h"
#include "render/batch/workers/work.h"

#include <unistd.h>

#include <math.h>
#include <stddef.h>
#include <stdio.h>

enum { BAR_WIDTH = 20 };

void
batch_bar_start(BatchBar* const bar, const BatchWork* const work)
{
  const BatchBar none = {.visible =
                           !work->options->quiet && isatty(STDERR_FILENO)};
  *bar                = none;
  bar->n              = work->n;
  bar->start          = clock_seconds();
  for (size_t i = 0U; i < work->n; ++i) {
    bar->guessed += batch_item_seconds(work->items[i]);
  }
}

void
batch_bar_count(BatchBar* const        bar,
                const BatchItem* const item,
                const double           seconds)
{
  const double guessed = batch_item_seconds(item);
  ++bar->n_done;
  if (seconds < 0.0) {
    ++bar->n_failed;
    bar->guessed -= guessed;
  } else {
    bar->guessed_done += guessed;
    bar->seconds_done += seconds;
  }
}

/// Return how much sound there is by what was found in the files done
static double
total(const BatchBar* const bar)
{
  const double share =
    bar->guessed_done > 0.0 ? bar->seconds_done / bar->guessed_done : 1.0;
  return bar->seconds_done +
         (share * fmax(bar->guessed - bar->guessed_done, 0.0));
}

static void
draw(const BatchBar* const bar, const double done, const double elapsed)
{
  const double all                  = fmax(total(bar), done);
  const double share                = all > 0.0 ? done / all : 0.0;
  const double speed                = elapsed > 0.0 ? done / elapsed : 0.0;
  const double left                 = speed > 0.0 ? (all - done) / speed : 0.0;
  char         marks[BAR_WIDTH + 1] = {0};
  for (int i = 0; i < BAR_WIDTH; ++i) {
    marks[i] = i < (int)(share * BAR_WIDTH) ? '#' : '.';
  }
  fprintf(stderr,
          "\r[%s] %zu of %zu files, %.1f of about %.1f h, %.0f x real time, "
          "%.0f min left",
          marks,
          bar->n_done,
          bar->n,
          done / 3600.0,
          all / 3600.0,
          speed,
          ceil(left / 60.0));
  if (bar->n_failed) {
    fprintf(stderr, ", %zu failed", bar->n_failed);
  }
  fprintf(stderr, "\033[K");
  fflush(stderr);
}

void
batch_bar_show(BatchBar* const bar, const double seconds)
{
  const double now = bar->visible ? clock_seconds() : 0.0;
  if (bar->visible && now - bar->shown > 0.2) {
    bar->shown = now;
    draw(bar, bar->seconds_done + seconds, now - bar->start);
  }
}

void
batch_bar_hide(BatchBar* const bar)
{
  if (bar->visible && bar->shown > 0.0) {
    fprintf(stderr, "\r\033[K");
    bar->shown = 0.0;
  }
}
