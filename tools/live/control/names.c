// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/control/names.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

static int
letter(const char c)
{
  return c == '_' ? '-' : tolower((unsigned char)c);
}

/// Whether a name begins with a word
static bool
begins_with(const char* const name, const char* const word)
{
  size_t i = 0U;
  while (word[i] && letter(word[i]) == letter(name[i])) {
    ++i;
  }
  return !word[i];
}

static void
add_name(char* const list, const size_t size, const char* const name)
{
  const size_t n = strlen(list);
  snprintf(list + n, size - n, "%s%s", n ? ", " : "", name);
}

size_t
live_names_find(const char* const* const names,
                const size_t             n,
                const char* const        word,
                char* const              list,
                const size_t             size)
{
  size_t found  = n;
  size_t n_fits = 0U;
  list[0]       = '\0';
  for (size_t i = 0U; i < n; ++i) {
    if (begins_with(names[i], word)) {
      if (!names[i][strlen(word)]) {
        return i;
      }
      found = n_fits++ ? n : i;
      add_name(list, size, names[i]);
    }
  }

  for (size_t i = 0U; i < n && !n_fits; ++i) {
    add_name(list, size, names[i]);
  }
  return found;
}
