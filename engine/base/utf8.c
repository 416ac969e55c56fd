// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "base/utf8.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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

size_t
grus_utf8_decode(const char* const text, uint32_t* const character)
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
