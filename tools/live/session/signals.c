// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/session/signals.h"

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static volatile sig_atomic_t stopped;

static void
on_signal(const int number)
{
  (void)number;
  stopped = 1;
}

void
live_signals_catch_by(void (*const handler)(int))
{
  struct sigaction action;
  memset(&action, 0, sizeof(action));
  action.sa_handler = handler;
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  sigaction(SIGHUP, &action, NULL);
}

void
live_signals_catch(void)
{
  live_signals_catch_by(on_signal);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN); // So that a full disk is an error, not the end
}

void
live_signals_stop(void)
{
  stopped = 1;
}

bool
live_signals_stopped(void)
{
  return stopped;
}
