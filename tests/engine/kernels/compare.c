// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "compare.h"

#include "kernels/kernels.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

enum { GUARD = 16 }; ///< Floats behind a buffer that must stay as they are

static const float canary = 12345.0f;

static unsigned n_failed;

const size_t sizes[N_SIZES] = {1U,
                               2U,
                               3U,
                               5U,
                               7U,
                               8U,
                               12U,
                               16U,
                               17U,
                               20U,
                               31U,
                               32U,
                               33U,
                               48U,
                               64U,
                               70U,
                               97U,
                               129U,
                               257U};

void
expect(const bool               ok,
       const GrusKernels* const k,
       const char* const        what,
       const double             error)
{
  if (!ok) {
    printf("FAILED: %s: %s: error %g\n", k->name, what, error);
    ++n_failed;
  }
}

float*
new_floats(const size_t n)
{
  const size_t size = grus_pad(n + GUARD) * sizeof(float);
  float* const x    = (float*)aligned_alloc(64U, size);
  for (size_t i = 0U; i < size / sizeof(float); ++i) {
    x[i] = canary;
  }

  return x;
}

bool
is_guarded(const float* const x, const size_t n)
{
  bool same = true;
  for (size_t i = n; i < n + GUARD; ++i) {
    same = same && x[i] == canary;
  }

  return same;
}

int
each_variant(void (*const check)(const GrusKernels* k))
{
  for (const GrusKernels* const* k = grus_kernels_supported(); *k; ++k) {
    const unsigned before = n_failed;
    check(*k);
    printf("%s: %s\n", n_failed == before ? "passed" : "FAILED", (*k)->name);
  }

  return n_failed ? 1 : 0;
}
