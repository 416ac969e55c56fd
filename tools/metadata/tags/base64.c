// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "metadata/tags/base64.h"

#include "metadata/buffer.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static const char digits[] =
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
base64_encode(const Buffer* const bytes, Buffer* const letters)
{
  for (size_t i = 0U; i < bytes->size; i += 3U) {
    const size_t   n    = bytes->size - i < 3U ? bytes->size - i : 3U;
    const uint32_t bits = (uint32_t)load_be(bytes->data + i, (unsigned)n)
                          << (8U * (3U - n));
    char four[4] = {'=', '=', '=', '='};
    for (size_t k = 0U; k <= n; ++k) {
      four[k] = digits[(bits >> (18U - (6U * k))) & 63U];
    }
    buffer_add(letters, four, sizeof(four));
  }
}

int
base64_decode(const char* const letters, const size_t n, Buffer* const bytes)
{
  uint32_t bits   = 0U;
  unsigned n_bits = 0U;
  for (size_t i = 0U; i < n && letters[i] != '='; ++i) {
    const char* const digit = letters[i] ? strchr(digits, letters[i]) : NULL;
    if (!digit) {
      return -1;
    }
    bits = (bits << 6U) | (uint32_t)(digit - digits);
    n_bits += 6U;
    if (n_bits >= 8U) {
      n_bits -= 8U;
      buffer_be(bytes, bits >> n_bits, 1U);
    }
  }
  return bytes->failed ? -1 : 0;
}
