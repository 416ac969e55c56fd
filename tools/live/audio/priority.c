// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#define _GNU_SOURCE // MCL_ONFAULT, RLIMIT_RTPRIO

#include "live/audio/priority.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <pthread.h>
#include <sched.h>
#include <stdbool.h>

bool
live_priority_is_allowed(void)
{
  struct sched_param before;
  int                policy = 0;
  if (pthread_getschedparam(pthread_self(), &policy, &before)) {
    return false;
  }

  const struct sched_param lowest = {sched_get_priority_min(SCHED_FIFO)};
  if (pthread_setschedparam(pthread_self(), SCHED_FIFO, &lowest)) {
    return false;
  }

  pthread_setschedparam(pthread_self(), policy, &before);
  return true;
}

bool
live_priority_lock_memory(void)
{
  // Under a limit, memory that is asked for later would be refused
  struct rlimit limit;
  if (geteuid() &&
      (getrlimit(RLIMIT_MEMLOCK, &limit) || limit.rlim_cur != RLIM_INFINITY)) {
    return false;
  }

  // What is touched stays; stacks that nobody uses need not come in
  return !mlockall(MCL_CURRENT | MCL_FUTURE | MCL_ONFAULT);
}
