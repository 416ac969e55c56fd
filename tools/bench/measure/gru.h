// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file gru.h

   One GRU with random weights, run as the engine's networks run it: samples in
   blocks of #BENCH_GRU_BLOCK if it has one input, else one analysis frame at a
   time.
*/

#ifndef GRUS_TOOLS_BENCH_MEASURE_GRU_H
#define GRUS_TOOLS_BENCH_MEASURE_GRU_H

#include "grus/grus.h"
#include "kernels/kernels.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BENCH_GRU_BLOCK = 64 }; ///< Samples of a block

/// Shape of a GRU
typedef struct {
  uint32_t input;
  uint32_t hidden;
  uint32_t layers;
  uint32_t streams; ///< That share the weights, 1 or 2
} GruSize;

/// What a step of all streams costs, whoever computes it
typedef struct {
  double flops;      ///< Of all products and sums with weights
  double bytes;      ///< Of all weights and biases
  double read_bytes; ///< Of those that steps of one block cannot share
} GruCost;

/// A GRU and everything it needs to run
typedef struct GruBenchImpl GruBench;

/// Return a GRU of this size with weights stored in this way, to be freed, or
/// null without memory
GruBench*
gru_bench_new(GruSize size, GrusStorage storage);

/// Free `bench` (null is allowed)
void
gru_bench_free(GruBench* bench);

/// Return the cost of a step of a GRU of this size and storage
GruCost
gru_bench_cost(GruSize size, GrusStorage storage);

/// Return how many steps of this size are known when it runs
uint32_t
gru_bench_block(GruSize size);

/// Return how many steps of this size take some milliseconds, whole blocks
uint32_t
gru_bench_steps(GruSize size);

/// Return the nanoseconds of a step of all streams, with or without a linear
/// layer that makes one output of it
double
gru_bench_time(GruBench* bench, const GrusKernels* kernels, bool output);

/**
   Carry `n_steps` steps on from zero, with every kernel and in double
   precision and with weights that are not rounded.

   @param errors Set to the largest difference of any hidden state of the first
   stream, for each of the `n_kernels`
   @return False without memory
*/
bool
gru_bench_errors(GruBench*                 bench,
                 const GrusKernels* const* kernels,
                 size_t                    n_kernels,
                 uint32_t                  n_steps,
                 double*                   errors);

#endif // GRUS_TOOLS_BENCH_MEASURE_GRU_H
