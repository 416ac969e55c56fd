// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/raw_format.h"

#include "cli/say.h"

#include <sndfile.h>

#include <stddef.h>
#include <string.h>

/// Numbers by their names
typedef struct {
  const char* name;
  int         numbers;
  size_t      size; ///< Bytes
} RawNumbers;

static const RawNumbers kinds[] = {
  {"s16", SF_FORMAT_PCM_16, 2U},
  {"s24", SF_FORMAT_PCM_24, 3U},
  {"s32", SF_FORMAT_PCM_32, 4U},
  {"f32", SF_FORMAT_FLOAT, 4U},
  {"f64", SF_FORMAT_DOUBLE, 8U},
  {"u8", SF_FORMAT_PCM_U8, 1U},
  {"s8", SF_FORMAT_PCM_S8, 1U},
  {"u-law", SF_FORMAT_ULAW, 1U},
  {"ulaw", SF_FORMAT_ULAW, 1U},
  {"mulaw", SF_FORMAT_ULAW, 1U},
  {"a-law", SF_FORMAT_ALAW, 1U},
  {"alaw", SF_FORMAT_ALAW, 1U},
};

enum { N_KINDS = sizeof(kinds) / sizeof(kinds[0]) };

int
raw_format_parse(const char* const name, int* const numbers)
{
  for (size_t i = 0U; i < N_KINDS; ++i) {
    const size_t length = strlen(kinds[i].name);
    if (!strncmp(name, kinds[i].name, length)) {
      const char* const order = name + length;
      const int endian = !*order || !strcmp(order, "le") ? SF_ENDIAN_LITTLE
                         : !strcmp(order, "be")          ? SF_ENDIAN_BIG
                                                         : 0;
      if (endian && (!*order || kinds[i].size > 1U)) {
        *numbers = kinds[i].numbers | endian;
        return EXIT_OK;
      }
    }
  }
  return say_error(EXIT_USAGE,
                   "unknown raw format \"%s\" (s16, s24, s32, f32 or f64, also "
                   "as s16be; u8, s8, ulaw or alaw)",
                   name);
}

size_t
raw_format_size(const int numbers)
{
  for (size_t i = 0U; i < N_KINDS; ++i) {
    if (kinds[i].numbers == (numbers & SF_FORMAT_SUBMASK)) {
      return kinds[i].size;
    }
  }
  return sizeof(float);
}
