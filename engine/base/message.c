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
    char    text[GRUS_MESSAGE_SIZE];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    grus_make_visible(message->text, sizeof(message->text), text);
  }

  return st;
}
