// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// splitmix64: the same numbers everywhere, https://prng.di.unimi.it/

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

#endif // GRUS_RANDOM_H
