// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "base/message.h"

#include <stdarg.h>
#include <stdio.h>

GrusStatus
grus_fail(GrusMessage* const message,
          const GrusStatus   st,
          const char* const  format,
          ...)
{
  if (message) {
    va_list args;
    va_start(args, format);
    vsnprintf(message->text, sizeof(message->text), format, args);
    va_end(args);
  }

  return st;
}
