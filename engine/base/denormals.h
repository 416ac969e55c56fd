// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_DENORMALS_H
#define GRUS_DENORMALS_H

#include <stdint.h>

#if defined(__SSE__)
#  include <xmmintrin.h>
#endif

/// Floating-point mode of the calling thread
typedef uint64_t GrusFloatMode;

/// Flush denormals to zero from here on and return the mode before
static inline GrusFloatMode
grus_denormals_off(void)
{
#if defined(__SSE__)
  const unsigned mode = _mm_getcsr();
  _mm_setcsr(mode | 0x8040U); // Flush to zero, denormals are zero
  return mode;
#elif defined(__aarch64__)
  uint64_t mode = 0U;
  __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
  __asm__ volatile("msr fpcr, %0" : : "r"(mode | (UINT64_C(1) << 24U)));
  return mode;
#else
  return 0U;
#endif
}

/// Restore the mode that grus_denormals_off() returned
static inline void
grus_denormals_restore(const GrusFloatMode mode)
{
#if defined(__SSE__)
  _mm_setcsr((unsigned)mode);
#elif defined(__aarch64__)
  __asm__ volatile("msr fpcr, %0" : : "r"(mode));
#else
  (void)mode;
#endif
}

#endif // GRUS_DENORMALS_H
