// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#define _GNU_SOURCE

#include "rt_guard.h"

#ifdef GRUS_RTSAN

void
__rtsan_init(void);
void
__rtsan_realtime_enter(void);
void
__rtsan_realtime_exit(void);

void
rt_guard_init(void)
{
  __rtsan_init();
}

void
rt_guard_enter(void)
{
  __rtsan_realtime_enter();
}

unsigned
rt_guard_exit(void)
{
  __rtsan_realtime_exit();
  return 0U;
}

#elif defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)

void
rt_guard_init(void)
{
}

void
rt_guard_enter(void)
{
}

unsigned
rt_guard_exit(void)
{
  return 0U;
}

#else

#  include "libc_allocator.h"

#  include <dlfcn.h>
#  include <pthread.h>
#  include <unistd.h>

#  include <errno.h>
#  include <stdbool.h>
#  include <stddef.h>
#  include <stdio.h>
#  include <string.h>

static _Thread_local bool     guarding;
static _Thread_local unsigned n_violations;

/// Note a call; the first ones are named when the guard is left
static void
note(const char* const name)
{
  static const char separator = '\n';
  if (guarding) {
    guarding = false;
    if (n_violations++ < 3U) {
      (void)!write(STDERR_FILENO, name, strlen(name));
      (void)!write(STDERR_FILENO, &separator, 1U);
    }
    guarding = true;
  }
}

void*
malloc(const size_t size)
{
  note("malloc");
  return __libc_malloc(size);
}

void*
calloc(const size_t n, const size_t size)
{
  note("calloc");
  return __libc_calloc(n, size);
}

void*
realloc(void* const p, const size_t size)
{
  note("realloc");
  return __libc_realloc(p, size);
}

void*
aligned_alloc(const size_t alignment, const size_t size)
{
  note("aligned_alloc");
  return __libc_memalign(alignment, size);
}

int
posix_memalign(void** const p, const size_t alignment, const size_t size)
{
  note("posix_memalign");
  *p = __libc_memalign(alignment, size);
  return *p ? 0 : ENOMEM;
}

void
free(void* const p)
{
  note("free");
  __libc_free(p);
}

static int (*real_lock)(pthread_mutex_t*);
static int (*real_wait)(pthread_cond_t*, pthread_mutex_t*);

int
pthread_mutex_lock(pthread_mutex_t* const mutex)
{
  note("pthread_mutex_lock");
  return real_lock ? real_lock(mutex) : 0; // Alone before rt_guard_init()
}

int
pthread_cond_wait(pthread_cond_t* const condition, pthread_mutex_t* const mutex)
{
  note("pthread_cond_wait");
  return real_wait(condition, mutex);
}

void
rt_guard_init(void)
{
  void* const lock_symbol = dlsym(RTLD_NEXT, "pthread_mutex_lock");
  void* const wait_symbol = dlsym(RTLD_NEXT, "pthread_cond_wait");
  memcpy(&real_wait, &wait_symbol, sizeof(wait_symbol));
  memcpy(&real_lock, &lock_symbol, sizeof(lock_symbol));
}

void
rt_guard_enter(void)
{
  n_violations = 0U;
  guarding     = true;
}

unsigned
rt_guard_exit(void)
{
  guarding = false;
  return n_violations;
}

#endif
