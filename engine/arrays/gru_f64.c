// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// float64 in plain C: the reference that float32 is measured with, not for
// speed

#include "kernels/reference.h"
#include "kernels/types.h"

#include <stddef.h>
#include <string.h>

/// The part of kernels.h that is needed here, for double
typedef struct {
  GrusLinearF64      linear_blocks;
  GrusGruGatesF64    gru_gates;
  GrusGruSequenceF64 gru_sequence;
  GrusGruRowsF64     gru_rows; ///< Null: there is none
} Kernels64;

typedef double    Real;
typedef Kernels64 RealKernels;

#include "arrays/gru_body.h"

static void
linear_f64(double* const       y,
           const size_t        y_stride,
           const double* const w,
           const double* const b,
           const double* const x,
           const size_t        x_stride,
           const size_t        n,
           const size_t        in,
           const size_t        out)
{
  for (size_t k = 0U; k < n; ++k) {
    double* const       row = y + (k * y_stride);
    const double* const xs  = x + (k * x_stride);
    memcpy(row, b, out * sizeof(double));
    for (size_t i = 0U; i < in; ++i) {
      const double* const ws = w + (i * out);
      for (size_t o = 0U; o < out; ++o) {
        row[o] += ws[o] * xs[i];
      }
    }
  }
}

static void
gru_gates_f64(double* const       h,
              const size_t        h_stride,
              const double* const a,
              const double* const c,
              const size_t        n,
              const size_t        hidden)
{
  for (size_t k = 0U; k < n; ++k) {
    grus_reference_gates(h + (k * h_stride),
                         a + (k * 3U * hidden),
                         c + (k * 3U * hidden),
                         hidden,
                         hidden);
  }
}

static void
gru_sequence_f64(double* const       y,
                 const size_t        y_stride,
                 const double* const a,
                 const size_t        a_stride,
                 const double* const w,
                 const double* const b,
                 double* const       h,
                 double* const       c,
                 const size_t        n,
                 const size_t        n_hidden,
                 const size_t        hidden)
{
  for (size_t t = 0U; t < n; ++t) {
    linear_f64(c, 3U * hidden, w, b, h, hidden, 1U, n_hidden, 3U * hidden);
    gru_gates_f64(h, hidden, a + (t * a_stride), c, 1U, hidden);
    memcpy(y + (t * y_stride), h, hidden * sizeof(double));
  }
}

GrusStatus
grus_gru_run_f64(GrusGru* const gru, const GrusGruRun* const run)
{
  static const Kernels64 kernels = {
    .linear_blocks = linear_f64,
    .gru_gates     = gru_gates_f64,
    .gru_sequence  = gru_sequence_f64,
  };

  return run_network(gru, run, &kernels);
}
