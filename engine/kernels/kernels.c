// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "kernels/kernels.h"

#include <stdbool.h>
#include <stddef.h>

extern const GrusKernels grus_kernels_scalar;

#ifdef GRUS_HAVE_X86
extern const GrusKernels grus_kernels_avx2;
extern const GrusKernels grus_kernels_avx512;
extern const GrusKernels grus_kernels_avx512_vnni;
extern const GrusKernels grus_kernels_avx512_zen4;

// These builtins ask the processor and whether the system saves the registers

static bool
have_avx2(void)
{
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
}

static bool
have_avx512(void)
{
  return have_avx2() && __builtin_cpu_supports("avx512f") &&
         __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512bw") &&
         __builtin_cpu_supports("avx512vl");
}

static bool
have_avx512_vnni(void)
{
  return have_avx512() && __builtin_cpu_supports("avx512vnni");
}

/// Whether whole vectors are computed as two halves: in Zen 4, as the others of
/// its family have no AVX-512
static bool
have_avx512_zen4(void)
{
  return have_avx512_vnni() && __builtin_cpu_is("amdfam19h");
}
#endif

#ifdef GRUS_HAVE_NEON
extern const GrusKernels grus_kernels_neon;
#endif

const GrusKernels* const*
grus_kernels_supported(void)
{
#if defined(GRUS_HAVE_X86)
  static const GrusKernels* const zen4[] = {
    &grus_kernels_avx512_zen4, &grus_kernels_avx2, &grus_kernels_scalar, NULL};
  static const GrusKernels* const newest[] = {
    &grus_kernels_avx512_vnni, &grus_kernels_avx2, &grus_kernels_scalar, NULL};
  static const GrusKernels* const older[] = {
    &grus_kernels_avx512, &grus_kernels_avx2, &grus_kernels_scalar, NULL};

  return have_avx512_zen4()   ? zen4
         : have_avx512_vnni() ? newest
                              : older + (have_avx512() ? 0
                                         : have_avx2() ? 1
                                                       : 2);
#elif defined(GRUS_HAVE_NEON)
  static const GrusKernels* const all[] = {
    &grus_kernels_neon, &grus_kernels_scalar, NULL};

  return all;
#else
  static const GrusKernels* const all[] = {&grus_kernels_scalar, NULL};

  return all;
#endif
}
