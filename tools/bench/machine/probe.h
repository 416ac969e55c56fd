// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file probe.h

   Loops that do nothing but what limits a kernel: reading memory, multiplying
   and adding.  One source, compiled for each instruction set like the kernels.
*/

#ifndef GRUS_TOOLS_BENCH_MACHINE_PROBE_H
#define GRUS_TOOLS_BENCH_MACHINE_PROBE_H

#include <stddef.h>

/// Loops for one instruction set
typedef struct {
  const char* name; ///< That of the kernel variant

  /// Read `n` floats, a multiple of 256, aligned to 64 bytes; return anything
  float (*read)(const float* x, size_t n);

  /// Multiply and add independent vectors `n` times; return anything
  float (*multiply)(const float* x, size_t n);

  double flops; ///< Operations of multiply() for each `n`
} BenchProbe;

/// Return the probe of the kernel variant `name`, or null
const BenchProbe*
bench_probe(const char* name);

#endif // GRUS_TOOLS_BENCH_MACHINE_PROBE_H
