// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Random numbers, the same everywhere: splitmix64 for weights and dropout
// (https://prng.di.unimi.it/), and a generator of less quality and less time
// for the noise that is measured and tested with

#ifndef GRUS_RANDOM_H
#define GRUS_RANDOM_H

#include <stdint.h>

/// Return the next of 2^64 random numbers
static inline uint64_t
grus_random_next(uint64_t* const state)
{
  uint64_t z = (*state += 0x9E3779B97F4A7C15U);
  z          = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z          = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

/// Return a random number from 0 to below 1
static inline double
grus_random_uniform(uint64_t* const state)
{
  return (double)(grus_random_next(state) >> 11U) * 0x1p-53;
}

/// Return the next of 2^32 numbers of a linear congruential generator (Press et
/// al., Numerical Recipes), whose upper bits are good enough for noise
static inline uint32_t
grus_random_lcg(uint32_t* const seed)
{
  *seed = (*seed * 1664525U) + 1013904223U;
  return *seed;
}

/// Return noise from -1 to below 1, in steps of 2^-23
static inline float
grus_random_noise(uint32_t* const seed)
{
  return ((float)(grus_random_lcg(seed) >> 8U) / 8388608.0f) - 1.0f;
}

#endif // GRUS_RANDOM_H
