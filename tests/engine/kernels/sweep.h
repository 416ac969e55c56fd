// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file sweep.h

   Every size of GRU from 1 to 257 units and from 1 to 70 inputs.

   A page that cannot be touched lies behind every buffer, so that reading or
   writing one float too many ends the program.  Everything is done twice: with
   buffers up to that page, and with buffers that no vector is aligned to.
*/

#ifndef GRUS_TESTS_SWEEP_H
#define GRUS_TESTS_SWEEP_H

#include "kernels/kernels.h"

#include <stddef.h>

enum {
  MAX_HIDDEN = 257,
  MAX_INPUT  = 70,
  STREAMS    = 2,
  STEPS      = 3, ///< Odd, so that columns are walked both ways
};

/// Memory that ends where the next page cannot be touched
typedef struct {
  char*  end;
  size_t size; ///< Bytes
} Guarded;

/// Buffers of all sizes, used again and again
typedef struct {
  Guarded wi, bi, wh, bh; ///< Weights, both directions
  Guarded x, a, c, h, y;
  Guarded pair; ///< Input parts and results of two streams
} Memory;

/// A GRU of one size, in the memory
typedef struct {
  size_t in, n_hidden, hidden, gates, directions;
  float* wi; ///< (in, directions * gates)
  float* bi; ///< (directions * gates)
  float* wh; ///< (directions, n_hidden, gates)
  float* bh; ///< (directions * gates)
} Gru;

/// What one stream takes beside the weights
typedef struct {
  float* x; ///< (STEPS, in) random
  float* a; ///< (STEPS, gates)
  float* c; ///< (gates)
  float* h; ///< (hidden)
  float* y; ///< (STEPS, hidden)
} Buffers;

/// Return the last `n` floats
float*
last_floats(Guarded guarded, size_t n);

/// Return a GRU with random weights
Gru
new_gru(const Memory* m, size_t in, size_t n_hidden, size_t directions);

/// Return what one stream of a GRU takes
Buffers
new_buffers(const Memory* m, const Gru* g);

/// One step of nn.GRU in double precision
void
reference_step(const Gru* g, size_t direction, const float* x, double* h);

/// Note a failure if an error is not below 2e-6
void
expect(const GrusKernels* k, const char* what, const Gru* g, double error);

/// Note a failure
void
fail(const char* format, ...);

/**
   Check every size of GRU, and return the program's exit status.

   @param argv The program's: the second is N, to take only every Nth number of
   units, for emulators.
*/
int
sweep(int    argc,
      char** argv,
      void (*check)(const Memory* m, size_t in, size_t n_hidden));

#endif // GRUS_TESTS_SWEEP_H
