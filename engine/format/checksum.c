// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "format/checksum.h"

#include "base/fnv.h"
#include "base/message.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { N_DIGITS = 16, LENGTH_SIZE = 8, MEMBER_SIZE = 64 };

GrusStatus
grus_checksum_check(const char* const    sum,
                    const uint8_t* const data,
                    const size_t         size,
                    GrusMessage* const   message)
{
  char is[N_DIGITS + 1];
  snprintf(is, sizeof(is), "%016" PRIx64, grus_fnv1a(data, size));
  return strcmp(sum, is)
           ? grus_fail(message,
                       GRUS_ERR_BAD_FORMAT,
                       "the file is damaged: its tensors have the checksum "
                       "%s, not %.32s; fetch or export it again",
                       is,
                       sum)
           : GRUS_SUCCESS;
}

/// Return where `text` begins in the bytes, or null
static const uint8_t*
find(const uint8_t* const bytes, const size_t size, const char* const text)
{
  const size_t n = strlen(text);
  for (size_t i = 0U; i + n <= size; ++i) {
    if (bytes[i] == (uint8_t)text[0] && !memcmp(bytes + i, text, n)) {
      return bytes + i;
    }
  }

  return NULL;
}

uint64_t
grus_checksum_identity(const char* const    sum,
                       const uint8_t* const bytes,
                       const size_t         size,
                       const size_t         header_size)
{
  // The checksum and a comma are 32 bytes: padding to 8 bytes stays as it is
  char member[MEMBER_SIZE];
  snprintf(member,
           sizeof(member),
           "\"" GRUS_CHECKSUM_KEY "\":\"%.32s\",",
           sum ? sum : "");
  const size_t         n = strlen(member);
  const uint8_t* const at =
    sum ? find(bytes + LENGTH_SIZE, header_size, member) : NULL;
  if (!at) {
    return grus_fnv1a(bytes, size);
  }

  uint8_t length[LENGTH_SIZE];
  for (unsigned i = 0U; i < LENGTH_SIZE; ++i) {
    length[i] = (uint8_t)((uint64_t)(header_size - n) >> (8U * i));
  }
  const uint8_t* const start = bytes + LENGTH_SIZE;
  const uint64_t       hash  = grus_fnv1a_add(
    grus_fnv1a(length, LENGTH_SIZE), start, (size_t)(at - start));
  return grus_fnv1a_add(hash, at + n, size - (size_t)(at + n - bytes));
}
