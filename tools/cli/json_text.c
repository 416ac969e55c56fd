// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "cli/json_text.h"

#include <jansson.h>

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum { LONGEST = 4 }; ///< Bytes of a character

/// Return the bytes of the character that begins here, 0 if it is none
static size_t
character_size(const char* const text)
{
  const size_t left = strnlen(text, LONGEST);
  for (size_t n = 1U; n <= left; ++n) {
    json_t* const character = json_stringn(text, n);
    if (character) {
      json_decref(character);
      return n;
    }
  }
  return 0U;
}

json_t*
json_text(const char* const text)
{
  static const char unknown[] = "\xEF\xBF\xBD";

  const size_t n_unknown = sizeof(unknown) - 1U;
  char* const  fixed     = (char*)malloc((strlen(text) * n_unknown) + 1U);
  size_t       n         = 0U;
  for (const char* c = text; fixed && *c;) {
    const size_t size = character_size(c);
    memcpy(fixed + n, size ? c : unknown, size ? size : n_unknown);
    n += size ? size : n_unknown;
    c += size ? size : 1U;
  }

  json_t* const result = fixed ? json_stringn(fixed, n) : NULL;
  free(fixed);
  return result;
}
