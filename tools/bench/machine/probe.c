// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "bench/machine/probe.h"

#include <stddef.h>
#include <string.h>

extern const BenchProbe bench_probe_scalar;

#ifdef GRUS_HAVE_X86
extern const BenchProbe bench_probe_avx2;
extern const BenchProbe bench_probe_avx512;
#endif

#ifdef GRUS_HAVE_NEON
extern const BenchProbe bench_probe_neon;
#endif

const BenchProbe*
bench_probe(const char* const name)
{
  static const BenchProbe* const all[] = {
#ifdef GRUS_HAVE_X86
    &bench_probe_avx512,
    &bench_probe_avx2,
#endif
#ifdef GRUS_HAVE_NEON
    &bench_probe_neon,
#endif
    &bench_probe_scalar,
  };

  // What is measured is the same for all variants with AVX-512
  for (size_t i = 0U; i < sizeof(all) / sizeof(all[0]); ++i) {
    if (!strncmp(all[i]->name, name, strlen(all[i]->name))) {
      return all[i];
    }
  }

  return NULL;
}
