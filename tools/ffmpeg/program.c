// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#define _GNU_SOURCE // mkostemp, pipe2

#include "ffmpeg/program.h"

#include <sys/wait.h>
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern char** environ;

enum { FIRST_COPY = 64 }; ///< Above all numbers that a program is given

void
arguments_add(Arguments* const arguments, const char* const format, ...)
{
  va_list args;
  va_start(args, format);
  char*     text = NULL;
  const int n =
    arguments->n < PROGRAM_ARGS ? vasprintf(&text, format, args) : -1;
  va_end(args);
  if (n < 0) {
    arguments->failed = true;
    return;
  }
  arguments->list[arguments->n++] = text;
}

void
arguments_list(Arguments* const arguments, const char* const* const list)
{
  for (size_t i = 0U; list[i]; ++i) {
    arguments_add(arguments, "%s", list[i]);
  }
}

void
arguments_ffmpeg(Arguments* const arguments, const char* const loudness)
{
  arguments_list(arguments,
                 (const char*[]){"ffmpeg",
                                 "-nostdin",
                                 "-v",
                                 loudness,
                                 "-protocol_whitelist",
                                 "file",
                                 NULL});
}

void
arguments_free(Arguments* const arguments)
{
  for (size_t i = 0U; i < arguments->n; ++i) {
    free(arguments->list[i]);
  }
  memset(arguments, 0, sizeof(*arguments));
}

bool
program_is_installed(const char* const name)
{
  const char* folder = getenv("PATH");
  for (folder = folder ? folder : "/bin:/usr/bin"; *folder;) {
    char         path[4096];
    const size_t n = strcspn(folder, ":");
    snprintf(path, sizeof(path), "%.*s/%s", (int)n, folder, name);
    if (n && !access(path, X_OK)) {
      return true;
    }
    folder += n + (folder[n] == ':');
  }
  return false;
}

int
program_temporary(void)
{
  const char* const folder = getenv("TMPDIR");
  char              path[4096];
  snprintf(
    path, sizeof(path), "%s/grus-XXXXXX", folder && *folder ? folder : "/tmp");
  const int fd = mkostemp(path, O_CLOEXEC);
  if (fd >= 0) {
    unlink(path);
  }
  return fd;
}

int
program_file_of(const void* const bytes, const size_t size)
{
  const int   fd   = program_temporary();
  const char* next = (const char*)bytes;
  size_t      left = size;
  while (fd >= 0 && left) {
    const ssize_t n = write(fd, next, left);
    if (n < 0 && errno != EINTR) {
      close(fd);
      return -1;
    }
    next += n > 0 ? n : 0;
    left -= n > 0 ? (size_t)n : 0U;
  }
  return fd;
}

/// Copy descriptors above all numbers that are given, so that none of them is
/// overwritten before it is given itself; return how many there are
static size_t
copy_all(const ProgramFd* const fds, const size_t n, int copies[])
{
  size_t i = 0U;
  for (; i < n; ++i) {
    copies[i] = fcntl(fds[i].fd, F_DUPFD_CLOEXEC, FIRST_COPY);
    if (copies[i] < 0) {
      break;
    }
  }
  return i;
}

static int
spawn(Program* const         program,
      const Arguments* const arguments,
      const ProgramFd* const fds,
      const int* const       copies,
      const size_t           n_fds)
{
  static const char nowhere[] = "/dev/null";

  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(
    &actions, STDIN_FILENO, nowhere, O_RDONLY, 0);
  posix_spawn_file_actions_addopen(
    &actions, STDOUT_FILENO, nowhere, O_WRONLY, 0);
  for (size_t i = 0U; i < n_fds; ++i) {
    posix_spawn_file_actions_adddup2(&actions, copies[i], fds[i].number);
  }
  const int error = posix_spawnp(&program->pid,
                                 arguments->list[0],
                                 &actions,
                                 NULL,
                                 arguments->list,
                                 environ);
  posix_spawn_file_actions_destroy(&actions);
  program->pid = error ? 0 : program->pid;
  return error;
}

int
program_start(Program* const         program,
              const Arguments* const arguments,
              const ProgramFd* const fds,
              const size_t           n_fds)
{
  memset(program, 0, sizeof(*program));
  if (arguments->failed || !arguments->n || n_fds > PROGRAM_MAX_FDS) {
    return ENOMEM;
  }
  program->errors = tmpfile();
  if (!program->errors) {
    return errno;
  }

  ProgramFd all[PROGRAM_MAX_FDS + 1];
  int       copies[PROGRAM_MAX_FDS + 1];
  all[0].fd     = fileno(program->errors);
  all[0].number = STDERR_FILENO;
  for (size_t i = 0U; i < n_fds; ++i) {
    all[i + 1U] = fds[i];
  }
  fcntl(all[0].fd, F_SETFD, FD_CLOEXEC);

  const size_t n = copy_all(all, n_fds + 1U, copies);
  const int    error =
    n < n_fds + 1U ? errno : spawn(program, arguments, all, copies, n);
  for (size_t i = 0U; i < n; ++i) {
    close(copies[i]);
  }
  return error;
}

bool
program_wait(Program* const program)
{
  if (program->pid) {
    while (waitpid(program->pid, &program->status, 0) < 0 && errno == EINTR) {
    }
    program->pid = 0;
  }
  return program->errors && !program->status;
}

/// Take away what a line begins with, like "[mp3 @ 0x55d0a1b2c3d4] "
static const char*
skip_origin(const char* line)
{
  while (line[0] == '[') {
    const char* const end = strstr(line, "] ");
    if (!end) {
      break;
    }
    line = end + 2;
  }
  return line;
}

/// Return whether a line is about one of `ignored`
static bool
is_ignored(const char* const line, const char* const* const ignored)
{
  for (size_t i = 0U; ignored && ignored[i]; ++i) {
    const size_t n = strlen(ignored[i]);
    if (n && line[0] == '[' && !strncmp(line + 1, ignored[i], n) &&
        !strncmp(line + 1 + n, " @ ", 3U)) {
      return true;
    }
  }
  return false;
}

bool
program_reason(const Program* const     program,
               const char* const* const ignored,
               char                     reason[PROGRAM_REASON])
{
  char line[1024];
  if (!program->errors) {
    return false;
  }
  rewind(program->errors);
  while (fgets(line, sizeof(line), program->errors)) {
    line[strcspn(line, "\r\n")] = '\0';
    const char* const text      = skip_origin(line);
    if (*text && !is_ignored(line, ignored)) {
      snprintf(reason, PROGRAM_REASON, "%.*s", PROGRAM_REASON - 1, text);
      return true;
    }
  }
  return false;
}

bool
program_says(const Program* const program, const char* const text)
{
  char line[1024];
  if (!program->errors) {
    return false;
  }
  rewind(program->errors);
  while (fgets(line, sizeof(line), program->errors)) {
    if (strstr(line, text)) {
      return true;
    }
  }
  return false;
}

void
program_stop(Program* const program)
{
  if (program->pid) {
    kill(program->pid, SIGKILL);
  }
}

void
program_close(Program* const program)
{
  program_wait(program);
  if (program->errors) {
    fclose(program->errors);
  }
  memset(program, 0, sizeof(*program));
}

/// Read a pipe to its end; returns null without memory
static char*
read_all(const int fd, size_t* const size)
{
  char*   bytes    = NULL;
  size_t  capacity = 0U;
  ssize_t n        = 1;
  *size            = 0U;
  while (n) {
    if (*size + 1U >= capacity) {
      capacity          = capacity ? 2U * capacity : 1U << 16U;
      char* const grown = (char*)realloc(bytes, capacity);
      if (!grown) {
        free(bytes);
        return NULL;
      }
      bytes = grown;
    }
    n = read(fd, bytes + *size, capacity - *size - 1U);
    if (n < 0 && errno != EINTR) {
      break;
    }
    *size += n > 0 ? (size_t)n : 0U;
  }
  bytes[*size] = '\0';
  return bytes;
}

int
program_output(const Arguments* const arguments,
               const ProgramFd* const fds,
               const size_t           n_fds,
               char** const           output,
               size_t* const          size)
{
  ProgramFd all[PROGRAM_MAX_FDS];
  Program   program = {0, NULL, 0};
  int       ends[2] = {-1, -1};
  *output           = NULL;
  if (n_fds >= PROGRAM_MAX_FDS || pipe2(ends, O_CLOEXEC)) {
    return EIO;
  }

  for (size_t i = 0U; i < n_fds; ++i) {
    all[i] = fds[i];
  }
  all[n_fds].fd     = ends[1];
  all[n_fds].number = STDOUT_FILENO;
  int error         = program_start(&program, arguments, all, n_fds + 1U);
  close(ends[1]);
  *output = error ? NULL : read_all(ends[0], size);
  close(ends[0]);
  if (!error && (!program_wait(&program) || !*output)) {
    error = EIO;
  }
  program_close(&program);
  if (error) {
    free(*output);
    *output = NULL;
  }
  return error;
}
