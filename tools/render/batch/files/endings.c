// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "render/batch/files/endings.h"

#include <stdbool.h>
#include <stddef.h>
#include <strings.h>

/// Sound files' ending, and about how many bytes make a second
typedef struct {
  const char* name;
  double      rate;
} Ending;

static const Ending endings[] = {
  {"wav", 176e3}, {"wave", 176e3}, {"rf64", 176e3}, {"w64", 176e3},
  {"aif", 176e3}, {"aiff", 176e3}, {"aifc", 176e3}, {"caf", 176e3},
  {"au", 176e3},  {"snd", 176e3},  {"flac", 80e3},  {"ogg", 20e3},
  {"oga", 20e3},  {"opus", 12e3},  {"mp3", 20e3},   {"mp2", 24e3},
  {"m4a", 20e3},  {"m4b", 12e3},   {"aac", 20e3},   {"ac3", 56e3},
  {"wma", 20e3},  {"mka", 24e3},   {"mkv", 400e3},  {"webm", 200e3},
  {"mp4", 300e3}, {"m4v", 300e3},  {"mov", 600e3},  {"avi", 300e3},
};
enum { N_ENDINGS = sizeof(endings) / sizeof(*endings) };

static const Ending*
find_ending(const char* const ending)
{
  for (size_t i = 0U; i < N_ENDINGS; ++i) {
    if (!strcasecmp(endings[i].name, ending)) {
      return &endings[i];
    }
  }
  return NULL;
}

bool
endings_have(const char* const ending)
{
  return find_ending(ending);
}

double
endings_rate(const char* const ending)
{
  const Ending* const known = find_ending(ending);
  return known ? known->rate : 176e3;
}
