// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "base/utf8.h"
#include "grus/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static bool
is_obeyed(const uint32_t c)
{
  return c < 0x20U || (c >= 0x7FU && c <= 0x9FU) ||
         c == 0x61CU ||                    // Arabic letter mark
         (c >= 0x200EU && c <= 0x200FU) || // Left-to-right, right-to-left mark
         (c >= 0x2028U && c <= 0x202EU) || // Separators, embeddings, overrides
         (c >= 0x2066U && c <= 0x2069U);   // Isolates
}

void
grus_make_visible(char* const to, const size_t size, const char* const from)
{
  size_t used = 0U;
  for (const char* p = from; *p;) {
    uint32_t     character = 0U;
    const size_t length    = grus_utf8_decode(p, &character);
    const size_t n_bytes   = length ? length : 1U;
    const bool   obeyed    = !length || is_obeyed(character);
    const size_t needed    = obeyed ? GRUS_VISIBLE_GROWTH * n_bytes : n_bytes;
    if (needed >= size - used) {
      break;
    }
    for (size_t i = 0U; obeyed && i < n_bytes; ++i) {
      snprintf(to + used + (GRUS_VISIBLE_GROWTH * i),
               GRUS_VISIBLE_GROWTH + 1U,
               "\\x%02x",
               (unsigned)(unsigned char)p[i]);
    }
    if (!obeyed) {
      memcpy(to + used, p, n_bytes);
    }
    used += needed;
    p += n_bytes;
  }
  to[used] = '\0';
}
