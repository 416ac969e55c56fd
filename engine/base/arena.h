// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_ARENA_H
#define GRUS_ARENA_H

#include "base/pad.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/**
   Float arrays, each aligned to 64 bytes, in one allocation.

   Used twice over the same code: first with a null base to measure, then, after
   grus_arena_alloc(), to hand out the arrays.
*/
typedef struct {
  float* base; ///< Null while measuring
  size_t used; ///< Floats handed out
} GrusArena;

/// Return an array of `n` floats, or null while measuring
static inline float*
grus_arena_take(GrusArena* const arena, const size_t n)
{
  float* const array = arena->base ? arena->base + arena->used : NULL;
  arena->used += grus_pad(n);
  return array;
}

/// Allocate what was measured, all zero, and start anew; false without memory
static inline bool
grus_arena_alloc(GrusArena* const arena)
{
  const size_t n_bytes = grus_pad(arena->used + 1U) * sizeof(float);

  arena->base = (float*)aligned_alloc(64U, n_bytes);
  arena->used = 0U;
  if (arena->base) {
    memset(arena->base, 0, n_bytes);
  }
  return !!arena->base;
}

#endif // GRUS_ARENA_H
