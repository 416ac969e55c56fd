// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "metadata/text.h"

#include "metadata/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// Return the length of a sequence by its first byte, 0 if there is none such
static size_t
sequence_length(const uint8_t byte)
{
  return byte < 0x80U                    ? 1U
         : byte >= 0xC2U && byte < 0xE0U ? 2U
         : byte >= 0xE0U && byte < 0xF0U ? 3U
         : byte >= 0xF0U && byte < 0xF5U ? 4U
                                         : 0U;
}

bool
text_is_utf8(const void* const text, const size_t n)
{
  const uint8_t* const p = (const uint8_t*)text;
  for (size_t i = 0U; i < n;) {
    const size_t length = sequence_length(p[i]);
    if (!length || length > n - i) {
      return false;
    }
    for (size_t k = 1U; k < length; ++k) {
      if ((p[i + k] & 0xC0U) != 0x80U) {
        return false;
      }
    }
    i += length;
  }
  return true;
}

static size_t
encode(char* const out, const uint32_t c)
{
  if (c < 0x80U) {
    out[0] = (char)c;
    return 1U;
  }
  if (c < 0x800U) {
    out[0] = (char)(0xC0U | (c >> 6U));
    out[1] = (char)(0x80U | (c & 0x3FU));
    return 2U;
  }
  if (c < 0x10000U) {
    out[0] = (char)(0xE0U | (c >> 12U));
    out[1] = (char)(0x80U | ((c >> 6U) & 0x3FU));
    out[2] = (char)(0x80U | (c & 0x3FU));
    return 3U;
  }
  out[0] = (char)(0xF0U | (c >> 18U));
  out[1] = (char)(0x80U | ((c >> 12U) & 0x3FU));
  out[2] = (char)(0x80U | ((c >> 6U) & 0x3FU));
  out[3] = (char)(0x80U | (c & 0x3FU));
  return 4U;
}

char*
text_utf8(const void* const text, const size_t n, size_t* const size)
{
  const uint8_t* const p   = (const uint8_t*)text;
  const bool           is  = text_is_utf8(text, n);
  char* const          out = (char*)malloc((is ? n : 2U * n) + 1U);
  if (!out) {
    return NULL;
  }

  *size = 0U;
  if (is && n) {
    memcpy(out, text, n);
    *size = n;
  }
  for (size_t i = 0U; !is && i < n; ++i) {
    *size += encode(out + *size, p[i]);
  }
  out[*size] = '\0';
  return out;
}

char*
text_utf8_of_16(const uint8_t* text, size_t n, size_t* const size)
{
  bool little = false;
  if (n >= 2U && ((text[0] == 0xFFU && text[1] == 0xFEU) ||
                  (text[0] == 0xFEU && text[1] == 0xFFU))) {
    little = text[0] == 0xFFU;
    text += 2;
    n -= 2U;
  }

  char* const out = (char*)malloc((2U * n) + 1U);
  *size           = 0U;
  for (size_t i = 0U; out && i + 1U < n; i += 2U) {
    uint32_t c =
      (uint32_t)(little ? load_le(text + i, 2U) : load_be(text + i, 2U));
    if (c >= 0xD800U && c < 0xDC00U && i + 3U < n) {
      const uint32_t low = (uint32_t)(little ? load_le(text + i + 2U, 2U)
                                             : load_be(text + i + 2U, 2U));
      c = 0x10000U + ((c - 0xD800U) << 10U) + ((low - 0xDC00U) & 0x3FFU);
      i += 2U;
    }
    *size += encode(out + *size, c);
  }
  if (out) {
    out[*size] = '\0';
  }
  return out;
}
