// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#define _GNU_SOURCE // pipe2

#include "render/batch/workers/workers.h"

#include "cli/say.h"
#include "files/output.h"
#include "host/clock.h"
#include "render/batch/files/items.h"
#include "render/batch/files/journal.h"
#include "render/batch/workers/bar.h"
#include "render/batch/workers/child.h"
#include "render/job.h"

#include <jansson.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __linux__
#  include <sys/prctl.h>
#endif

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINES_SIZE = 8192, POLL_MS = 200 };

/// A process that renders a file, if there is one
typedef struct {
  pid_t            pid; ///< 0 if there is none
  int              lines;
  const BatchItem* item;
  char             text[LINES_SIZE]; ///< Of a line that is not whole
  size_t           n_text;
} Worker;

typedef struct {
  const BatchWork* work;
  BatchTally*      tally;
  Worker*          workers;
  struct pollfd*   polls;    ///< Of the workers
  RenderProgress*  progress; ///< Of the workers, shared with them
  size_t           n_started;
  BatchBar         bar;
} Pool;

static volatile sig_atomic_t stop_signal;

static void
on_signal(const int number)
{
  stop_signal = number;
}

/// Have signals stop the batch, unless whoever started it has them ignored
static void
catch_signals(void)
{
  static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
  for (size_t i = 0U; i < sizeof(numbers) / sizeof(*numbers); ++i) {
    struct sigaction action;
    if (!sigaction(numbers[i], NULL, &action) && action.sa_handler != SIG_IGN) {
      memset(&action, 0, sizeof(action));
      action.sa_handler = on_signal;
      sigaction(numbers[i], &action, NULL);
    }
  }
}

/// Be the process that renders an item; does not return
static _Noreturn void
be_child(const Pool* const pool, const size_t slot, const pid_t parent)
{
  output_file_catch_signals();
#ifdef __linux__
  prctl(PR_SET_PDEATHSIG, SIGTERM);
#endif
  if (getppid() != parent) {
    _exit(EXIT_FAILED); // It was killed meanwhile
  }

  Worker* const worker = &pool->workers[slot];
  _exit(batch_child_run(
    pool->work, worker->item, &pool->progress[slot], worker->lines));
}

static int
start(Pool* const pool, const size_t slot, const BatchItem* const item)
{
  int ends[2];
  if (pipe2(ends, O_CLOEXEC)) {
    return say_error(EXIT_FAILED, "cannot make a pipe: %s", strerror(errno));
  }

  Worker* const worker          = &pool->workers[slot];
  const pid_t   parent          = getpid();
  worker->item                  = item;
  worker->n_text                = 0U;
  worker->lines                 = ends[1];
  pool->progress[slot].n_frames = 0U;
  fflush(NULL); // Or the child would write it too
  worker->pid = fork();
  if (!worker->pid) {
    close(ends[0]);
    be_child(pool, slot, parent);
  }

  close(ends[1]);
  worker->lines        = ends[0];
  pool->polls[slot].fd = ends[0];
  if (worker->pid < 0) {
    worker->pid = 0;
    close(ends[0]);
    pool->polls[slot].fd = -1;
    return say_error(
      EXIT_FAILED, "cannot start a process: %s", strerror(errno));
  }
  return EXIT_OK;
}

/// Tell all lines that are whole
static void
tell_lines(Pool* const pool, Worker* const worker)
{
  char* line = worker->text;
  for (char* end = NULL;
       (end = (char*)memchr(
          line, '\n', worker->n_text - (size_t)(line - worker->text)));
       line = end + 1) {
    *end = '\0';
    batch_bar_hide(&pool->bar);
    say_error(EXIT_OK, "%s", line);
  }
  worker->n_text -= (size_t)(line - worker->text);
  memmove(worker->text, line, worker->n_text);
}

/// Read what a worker has to tell; return whether it goes on
static bool
listen_to(Pool* const pool, Worker* const worker)
{
  if (worker->n_text == LINES_SIZE) {
    worker->n_text = 0U; // No line is so long
  }
  const ssize_t n = read(
    worker->lines, worker->text + worker->n_text, LINES_SIZE - worker->n_text);
  if (n > 0) {
    worker->n_text += (size_t)n;
    tell_lines(pool, worker);
  }
  return n > 0 || (n < 0 && errno == EINTR);
}

/// Return whether processes end since they are told to, or by the signal that
/// reached all of them
static bool
is_stopping(const Pool* const pool)
{
  return pool->tally->stopped || stop_signal;
}

/// Note a process that could not do so itself
static void
note_killed(Pool* const pool, const BatchItem* const item, const int number)
{
  char text[128];
  snprintf(text,
           sizeof(text),
           "its process was killed by signal %d%s",
           number,
           number == SIGKILL ? " (was there too little memory?)" : "");
  batch_bar_hide(&pool->bar);
  say_error(EXIT_OK, "\"%s\": %s", item->in, text);
  json_t* const line = journal_item(item, pool->work->recipe);
  json_object_set_new(line, "error", json_string(text));
  pool->tally->stopped = journal_append(pool->work->journal, line);
}

static double
seconds_of(const RenderProgress* const progress)
{
  const uint32_t rate = progress->sample_rate;
  return rate ? (double)progress->n_frames / rate : 0.0;
}

/// Take note of a process that has ended
static void
finish(Pool* const pool, const size_t slot)
{
  Worker* const     worker = &pool->workers[slot];
  BatchTally* const tally  = pool->tally;
  int               status = 0;
  while (waitpid(worker->pid, &status, 0) < 0 && errno == EINTR) {
  }
  close(worker->lines);
  worker->pid          = 0;
  pool->polls[slot].fd = -1;

  if (WIFEXITED(status) && !WEXITSTATUS(status)) {
    ++tally->n_done;
    tally->seconds += seconds_of(&pool->progress[slot]);
    batch_bar_count(
      &pool->bar, worker->item, seconds_of(&pool->progress[slot]));
  } else if (!WIFSIGNALED(status) || !is_stopping(pool)) {
    ++tally->n_failed;
    batch_bar_count(&pool->bar, worker->item, -1.0);
  }
  if (WIFSIGNALED(status) && !is_stopping(pool)) {
    note_killed(pool, worker->item, WTERMSIG(status));
  }
  tally->stopped = tally->stopped || (WIFEXITED(status) &&
                                      WEXITSTATUS(status) == EXIT_NO_JOURNAL);
}

/// Start as many processes as may run; return whether one runs
static bool
fill(Pool* const pool)
{
  const BatchWork* const work = pool->work;
  bool                   runs = false;
  for (size_t i = 0U; i < work->n_jobs; ++i) {
    const bool more = !pool->tally->stopped && pool->n_started < work->n;
    if (!pool->workers[i].pid && more) {
      pool->tally->stopped = start(pool, i, work->items[pool->n_started]);
      ++pool->n_started;
    }
    runs = runs || pool->workers[i].pid;
  }
  return runs;
}

/// End all processes; they remove what is not whole
static void
stop(Pool* const pool)
{
  pool->tally->stopped = true;
  for (size_t i = 0U; i < pool->work->n_jobs; ++i) {
    if (pool->workers[i].pid) {
      kill(pool->workers[i].pid, SIGTERM);
    }
  }
}

static void
show_bar(Pool* const pool)
{
  double seconds = 0.0;
  for (size_t i = 0U; i < pool->work->n_jobs; ++i) {
    seconds += pool->workers[i].pid ? seconds_of(&pool->progress[i]) : 0.0;
  }
  batch_bar_show(&pool->bar, seconds);
}

static void
run(Pool* const pool)
{
  bool killed = false;
  while (fill(pool)) {
    const int n = poll(pool->polls, (nfds_t)pool->work->n_jobs, POLL_MS);
    for (size_t i = 0U; n > 0 && i < pool->work->n_jobs; ++i) {
      if (pool->polls[i].fd >= 0 && pool->polls[i].revents &&
          !listen_to(pool, &pool->workers[i])) {
        finish(pool, i);
      }
    }
    if (!killed && (stop_signal || pool->tally->stopped)) {
      stop(pool);
      killed = true;
    }
    show_bar(pool);
  }
  batch_bar_hide(&pool->bar);
}

int
batch_workers_run(const BatchWork* const work, BatchTally* const tally)
{
  const double start_time = clock_seconds();
  const size_t size       = work->n_jobs * sizeof(RenderProgress);
  void* const  shared =
    mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  Pool pool     = {.work = work, .tally = tally};
  pool.workers  = (Worker*)calloc(work->n_jobs, sizeof(*pool.workers));
  pool.polls    = (struct pollfd*)calloc(work->n_jobs, sizeof(*pool.polls));
  pool.progress = (RenderProgress*)shared;

  int code = EXIT_FAILED;
  if (!pool.workers || !pool.polls || shared == MAP_FAILED) {
    say_error(EXIT_FAILED, "no memory for %zu jobs", work->n_jobs);
  } else {
    for (size_t i = 0U; i < work->n_jobs; ++i) {
      pool.polls[i] = (struct pollfd){-1, POLLIN, 0};
    }
    catch_signals();
    batch_bar_start(&pool.bar, work);
    run(&pool);
    tally->elapsed = clock_seconds() - start_time;
    code           = tally->n_failed || tally->stopped ? EXIT_FAILED : EXIT_OK;
  }
  if (shared != MAP_FAILED) {
    munmap(shared, size);
  }
  free(pool.polls);
  free(pool.workers);
  return code;
}
