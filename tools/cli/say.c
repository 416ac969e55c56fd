// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "cli/say.h"

#include "grus/grus.h"

#include <unistd.h>

#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

enum { LINE_SIZE = 5120 };

static const char* command = "grus";
static FILE*       apart; ///< Where errors go once stderr is taken away
static SayShow     shower;

void
say_name(const char* const name)
{
  command = name;
}

void
say_apart(void)
{
  const int own  = apart ? -1 : fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
  const int null = own < 0 ? -1 : open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (null >= 0) {
    apart = fdopen(own, "w");
    fflush(stderr);
    dup2(null, STDERR_FILENO);
    close(null);
  }
}

SayShow
say_to(const SayShow show)
{
  const SayShow before = shower;
  shower               = show;
  return before;
}

int
say_error(const int code, const char* const format, ...)
{
  char    text[LINE_SIZE];
  char    line[LINE_SIZE];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof(text), format, args);
  va_end(args);
  grus_make_visible(line, sizeof(line), text); // Names of files may hold all

  if (shower) {
    shower(line);
  } else {
    FILE* const stream = apart ? apart : stderr;
    fprintf(stream, "%s: %s\n", command, line);
    fflush(stream);
  }
  return code;
}
