// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/*
  Steps of GRUs for instructions_test.py, which counts their instructions:

      count_steps VARIANT

  prints the name of each size and then runs its steps in measure_steps().
*/

#include "kernels/kernels.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_STEPS = 64 };

/// Inputs and units: samples if there is one input, else analysis frames
typedef struct {
  size_t in;
  size_t hidden;
} Size;

static const Size sizes[] = {
  {1U, 8U},
  {1U, 16U},
  {1U, 20U},
  {1U, 32U},
  {1U, 48U},
  {1U, 64U},
  {1U, 128U},
  {64U, 96U},
};

/// Zeros take as many instructions as anything else
static float*
zeros(const size_t n)
{
  const size_t size = grus_pad(n) * sizeof(float);
  float* const x    = (float*)aligned_alloc(64U, size);
  if (!x) {
    exit(1);
  }

  memset(x, 0, size);
  return x;
}

/// Memory of the largest GRU
typedef struct {
  float* w;
  float* b;
  float* x;
  float* a;
  float* c;
  float* h;
  float* y;
} Memory;

/// Not static, and never inlined: callgrind finds it by its name
__attribute__((noinline)) void
measure_steps(const GrusKernels* k, const Memory* m, size_t in, size_t hidden);

void
measure_steps(const GrusKernels* const k,
              const Memory* const      m,
              const size_t             in,
              const size_t             hidden)
{
  const size_t padded = grus_pad(hidden);
  const size_t gates  = 3U * padded;
  if (in == 1U) {
    k->linear(m->a, gates, m->w, m->b, m->x, in, N_STEPS, in, gates);
    k->gru_sequence(m->y,
                    padded,
                    m->a,
                    gates,
                    m->w,
                    m->b,
                    m->h,
                    m->c,
                    N_STEPS,
                    hidden,
                    padded);
    return;
  }

  for (size_t t = 0U; t < N_STEPS; ++t) {
    k->linear(m->a, gates, m->w, m->b, m->x, in, 1U, in, gates);
    k->linear(m->c, gates, m->w, m->b, m->h, padded, 1U, hidden, gates);
    k->gru_gates(m->h, padded, m->a, m->c, 1U, padded);
  }
}

int
main(const int argc, char** const argv)
{
  const Memory memory = {zeros((size_t)128U * 3U * 128U),
                         zeros((size_t)3U * 128U),
                         zeros((size_t)N_STEPS * 64U),
                         zeros((size_t)N_STEPS * 3U * 128U),
                         zeros((size_t)3U * 128U),
                         zeros(128U),
                         zeros((size_t)N_STEPS * 128U)};
  for (const GrusKernels* const* k = grus_kernels_supported(); *k; ++k) {
    if (argc > 1 && !strcmp((*k)->name, argv[1])) {
      for (size_t i = 0U; i < sizeof(sizes) / sizeof(sizes[0]); ++i) {
        printf("%zux%zu %d\n", sizes[i].in, sizes[i].hidden, N_STEPS);
        measure_steps(*k, &memory, sizes[i].in, sizes[i].hidden);
      }
      return 0;
    }
  }

  return 77; // Not on this processor
}
