// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Preloaded, holds up whoever opens a file whose name has "held" in it, until
// the file that GRUS_LET_GO names is there: a model that takes its time

#define _GNU_SOURCE // RTLD_NEXT

#include <unistd.h>

#include <dlfcn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

int
open(const char* path, int flags, ...);

int
open64(const char* path, int flags, ...);

static int
open_held(const char* const path, const int flags, const int mode)
{
  const char* const let_go = getenv("GRUS_LET_GO");
  while (let_go && strstr(path, "held") && access(let_go, F_OK)) {
    usleep(10000);
  }

  void* const symbol                      = dlsym(RTLD_NEXT, "open");
  int (*real)(const char* path, int, ...) = NULL;
  memcpy(&real, &symbol, sizeof(real));
  return real(path, flags, mode);
}

int
open(const char* const path, const int flags, ...)
{
  va_list list;
  va_start(list, flags);
  const int mode = va_arg(list, int);
  va_end(list);
  return open_held(path, flags, mode);
}

int
open64(const char* const path, const int flags, ...)
{
  va_list list;
  va_start(list, flags);
  const int mode = va_arg(list, int);
  va_end(list);
  return open_held(path, flags, mode);
}
