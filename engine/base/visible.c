// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "grus/status.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/// Bytes of the UTF-8 character that begins with `first`, 0 if none does
static size_t
length_of(const unsigned char first)
{
  return first < 0x80U                      ? 1U
         : first >= 0xC2U && first <= 0xDFU ? 2U
         : (first & 0xF0U) == 0xE0U         ? 3U
         : first >= 0xF0U && first <= 0xF4U ? 4U
                                            : 0U;
}

/// Read a character; returns its bytes, or 0 if they are not UTF-8
static size_t
decode(const char* const text, uint32_t* const character)
{
  static const uint32_t least[] = {0U, 0U, 0x80U, 0x800U, 0x10000U};

  const unsigned char first  = (unsigned char)text[0];
  const size_t        length = length_of(first);
  *character = length == 1U ? first : first & (0xFFU >> (length + 1U));
  for (size_t i = 1U; i < length; ++i) {
    const unsigned char next = (unsigned char)text[i];
    if ((next & 0xC0U) != 0x80U) {
      return 0U; // The end of the text, too
    }
    *character = (*character << 6U) | (next & 0x3FU);
  }

  const bool surrogate = *character >= 0xD800U && *character <= 0xDFFFU;
  return *character < least[length] || *character > 0x10FFFFU || surrogate
           ? 0U
           : length;
}

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
    const size_t length    = decode(p, &character);
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
