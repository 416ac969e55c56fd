// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "say.h"

#include <stdarg.h>
#include <stdio.h>

static const char* command = "grus";

void
say_name(const char* const name)
{
  command = name;
}

int
say_error(const int code, const char* const format, ...)
{
  va_list args;
  va_start(args, format);
  fprintf(stderr, "%s: ", command);
  vfprintf(stderr, format, args);
  fputc('\n', stderr);
  va_end(args);
  return code;
}
