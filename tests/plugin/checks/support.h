// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What the checks share: words for what is wrong, random numbers, sound

#ifndef GRUS_TESTS_PLUGIN_SUPPORT_H
#define GRUS_TESTS_PLUGIN_SUPPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define VOICE "urn:grus:voice"

enum { BLOCK = 256 };

/// Say what is wrong, and return whether all is well
bool
expect(bool ok, const char* what);

/// Return a random number below `n`, the same ones in every run
uint32_t
draw(uint32_t n);

/// Return a random number between two others
float
draw_float(float minimum, float maximum);

/// Sound of one channel
typedef struct {
  float* samples;
  size_t n;
} Sound;

/// Read raw floats, or end the program
Sound
read_sound(const char* path);

#endif // GRUS_TESTS_PLUGIN_SUPPORT_H
