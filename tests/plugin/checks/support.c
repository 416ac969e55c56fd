// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#define _GNU_SOURCE

#include "support.h"

#include "base/random.h"

#include <sys/stat.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

bool
expect(const bool ok, const char* const what)
{
  if (!ok) {
    fprintf(stderr, "plugin_check: %s\n", what);
  }
  return ok;
}

static uint32_t seed = 20261123U;

uint32_t
draw(const uint32_t n)
{
  return (uint32_t)(((uint64_t)(grus_random_lcg(&seed) >> 4U) * n) >> 28U);
}

float
draw_float(const float minimum, const float maximum)
{
  return minimum + ((maximum - minimum) * (float)draw(1U << 20U) / (1U << 20U));
}

Sound
read_sound(const char* const path)
{
  Sound       sound  = {NULL, 0U};
  FILE* const stream = fopen(path, "rb");
  struct stat info;
  if (stream && !fstat(fileno(stream), &info)) {
    sound.samples = (float*)malloc((size_t)info.st_size);
    sound.n       = fread(sound.samples,
                    sizeof(float),
                    (size_t)info.st_size / sizeof(float),
                    stream);
  }
  if (stream) {
    fclose(stream);
  }
  if (!sound.n) {
    fprintf(stderr, "plugin_check: cannot read \"%s\"\n", path);
    exit(EXIT_FAILURE);
  }
  return sound;
}
