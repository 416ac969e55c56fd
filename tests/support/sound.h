// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Sound for tests, and ways to run it through a stream

#ifndef GRUS_TESTS_SOUND_H
#define GRUS_TESTS_SOUND_H

#include "grus/grus.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Sound of every channel, one after the other
typedef struct {
  uint32_t n_channels;
  uint32_t n_frames;
  float*   samples; ///< To be freed
} Sound;

/// Return the next of 2^24 random numbers
uint32_t
next_random(uint32_t* seed);

/// Return silence
Sound
new_sound(uint32_t n_channels, uint32_t n_frames);

/// Return noise between -0.5 and 0.5, another one in each channel
Sound
noise(uint32_t n_channels, uint32_t n_frames);

/// Return a stream of one channel at 48 kHz
GrusStream*
new_mono_stream(const GrusModel* model);

/// Process frames `from` to `to`
void
run(GrusStream* stream, Sound in, Sound out, uint32_t from, uint32_t to);

/// Process everything in blocks of `block` frames, of random length if 0
Sound
run_in_blocks(GrusStream* stream, Sound in, uint32_t block);

/// Return whether all bits are the same
bool
is_same(Sound a, Sound b);

/// Return whether `late` is `early` from frame `delay` of each channel on
bool
is_same_later(Sound early, Sound late, uint32_t delay);

/// Return the root of the mean square
double
rms(const float* x, size_t n);

#endif // GRUS_TESTS_SOUND_H
