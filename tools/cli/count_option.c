// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "cli/count_option.h"

#include "cli/say.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

int
count_option_parse(const char* const name,
                   const char* const text,
                   const uint32_t    most,
                   uint32_t* const   value)
{
  char* end = NULL;
  errno     = 0;

  const long long number = strtoll(text, &end, 10);
  if (errno || end == text || *end || number < 1 || number > most) {
    return say_error(EXIT_USAGE,
                     "--%s \"%s\" is not a whole number from 1 to %u",
                     name,
                     text,
                     most);
  }

  *value = (uint32_t)number;
  return EXIT_OK;
}
