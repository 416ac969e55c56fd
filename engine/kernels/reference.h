// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file reference.h

   A GRU cell in double precision and plain C, of weights as kernels.h has them:
   what kernels of float32 are measured with, and what float64 runs on.
*/

#ifndef GRUS_KERNELS_REFERENCE_H
#define GRUS_KERNELS_REFERENCE_H

#include <math.h>
#include <stddef.h>

static inline double
grus_reference_sigmoid(const double x)
{
  return 1.0 / (1.0 + exp(-x));
}

/**
   sums[o] = b[o] + sum_i w[i][o] * x[i]

   @param w (in, stride), `out` columns read
*/
static inline void
grus_reference_linear(double* const       sums,
                      const float* const  w,
                      const size_t        stride,
                      const float* const  b,
                      const double* const x,
                      const size_t        in,
                      const size_t        out)
{
  for (size_t o = 0U; o < out; ++o) {
    sums[o] = (double)b[o];
  }
  for (size_t i = 0U; i < in; ++i) {
    for (size_t o = 0U; o < out; ++o) {
      sums[o] += (double)w[(i * stride) + o] * x[i];
    }
  }
}

/**
   GrusKernels::gru_gates of one cell.

   @param h (n_hidden) replaced
   @param a (3 * hidden) input part with its bias, gates r, z, n
   @param c (3 * hidden) recurrent part with its bias
*/
static inline void
grus_reference_gates(double* const       h,
                     const double* const a,
                     const double* const c,
                     const size_t        n_hidden,
                     const size_t        hidden)
{
  const double* const an = a + (2U * hidden);
  const double* const cn = c + (2U * hidden);
  for (size_t j = 0U; j < n_hidden; ++j) {
    const double r = grus_reference_sigmoid(a[j] + c[j]);
    const double z = grus_reference_sigmoid(a[hidden + j] + c[hidden + j]);
    const double m = tanh(an[j] + (r * cn[j]));
    h[j]           = m + (z * (h[j] - m));
  }
}

/**
   Return the larger of two errors, infinity for NaN.

   In loops fmax() will not do: it passes over NaN, and gcc 12 for Arm dies of
   it at -O3 (an internal compiler error in vect_transform_reduction).
*/
static inline double
grus_reference_larger(const double most, const double error)
{
  return error <= most ? most : error > most ? error : (double)INFINITY;
}

/// Return the largest difference of `n` numbers, infinity for NaN
static inline double
grus_reference_error(const float* const  y,
                     const double* const expected,
                     const size_t        n)
{
  double most = 0.0;
  for (size_t i = 0U; i < n; ++i) {
    most = grus_reference_larger(most, fabs((double)y[i] - expected[i]));
  }
  return most;
}

#endif // GRUS_KERNELS_REFERENCE_H
