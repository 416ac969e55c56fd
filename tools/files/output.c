// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#define _GNU_SOURCE // fchmod, mkostemp

#include "files/output.h"

#include "cli/say.h"

#include <sys/stat.h>
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
  The files that a signal has to remove.  libsndfile goes on reading and writing
  when a signal interrupts it, so the handler does that itself.  A path is set
  before its file is there and cleared when it is gone or renamed, so at worst
  the handler removes a file that does not exist.
*/
static const char* volatile unfinished[MAX_OUTPUT_FILES];

static void
on_signal(const int number)
{
  for (size_t i = 0U; i < MAX_OUTPUT_FILES; ++i) {
    if (unfinished[i]) {
      unlink(unfinished[i]);
    }
  }
  signal(number, SIG_DFL);
  raise(number);
}

void
output_file_catch_signals(void)
{
  struct sigaction action;
  memset(&action, 0, sizeof(action));
  action.sa_handler = on_signal;
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  signal(SIGPIPE, SIG_IGN);
}

/// Put `to` where `from` was
static void
replace_unfinished(const char* const from, const char* const to)
{
  for (size_t i = 0U; i < MAX_OUTPUT_FILES; ++i) {
    if (unfinished[i] == from) {
      unfinished[i] = to;
      return;
    }
  }
}

/// Forget the temporary file, which is gone or renamed
static void
forget_temporary(OutputFile* const file)
{
  if (file->temporary) {
    replace_unfinished(file->temporary, NULL);
    free(file->temporary);
    file->temporary = NULL;
  }
}

static int
open_place(OutputFile* const file)
{
  struct stat info;
  if (!strcmp(file->path, "-")) {
    file->fd = dup(STDOUT_FILENO);
    return file->fd < 0;
  }
  if (!stat(file->path, &info) && !S_ISREG(info.st_mode)) {
    file->fd = open(file->path, O_WRONLY | O_CLOEXEC);
    return file->fd < 0;
  }

  const size_t size = strlen(file->path) + sizeof(".part-XXXXXX");
  file->temporary   = (char*)malloc(size);
  if (!file->temporary) {
    return 1;
  }
  snprintf(file->temporary, size, "%s.part-XXXXXX", file->path);
  replace_unfinished(NULL, file->temporary);
  file->fd = mkostemp(file->temporary, O_CLOEXEC);
  if (file->fd < 0) {
    forget_temporary(file);
    return 1;
  }

  return 0;
}

int
output_file_open(OutputFile* const file, const char* const path)
{
  file->path      = path;
  file->temporary = NULL;
  file->fd        = -1;
  return open_place(file)
           ? say_error(
               EXIT_FAILED, "cannot write \"%s\": %s", path, strerror(errno))
           : EXIT_OK;
}

/// Give a temporary file the permissions that a new file would have
static int
set_permissions(const int fd)
{
  const mode_t mask = umask(0);
  umask(mask);
  return fchmod(fd, 0666 & ~mask);
}

int
output_file_finish(OutputFile* const file, int failed)
{
  if (file->temporary) {
    failed = fsync(file->fd) || set_permissions(file->fd) || failed;
  }
  failed   = close(file->fd) || failed;
  file->fd = -1;
  if (!failed && file->temporary) {
    failed = rename(file->temporary, file->path);
  }
  if (failed) {
    say_error(EXIT_FAILED,
              "cannot finish \"%s\": %s",
              file->path,
              errno ? strerror(errno) : "write error");
    output_file_abandon(file);
    return EXIT_FAILED;
  }

  forget_temporary(file);
  return EXIT_OK;
}

void
output_file_abandon(OutputFile* const file)
{
  if (file->fd >= 0) {
    close(file->fd);
    file->fd = -1;
  }
  if (file->temporary) {
    unlink(file->temporary);
    forget_temporary(file);
  }
}
