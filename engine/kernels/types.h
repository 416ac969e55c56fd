// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file types.h

   Types of the kernels that exist for float and, as a reference, for double.
   What they compute, and the shapes of what they are given, stands in the table
   in kernels.h.
*/

#ifndef GRUS_KERNELS_TYPES_H
#define GRUS_KERNELS_TYPES_H

#include <stddef.h>

/// Define the types for one type of numbers, under names that end in `suffix`
#define GRUS_KERNEL_TYPES(Real, suffix)                         \
  typedef void (*GrusLinear##suffix)(Real * y,                  \
                                     size_t      y_stride,      \
                                     const Real* w,             \
                                     const Real* b,             \
                                     const Real* x,             \
                                     size_t      x_stride,      \
                                     size_t      n,             \
                                     size_t      in,            \
                                     size_t      out);               \
                                                                \
  typedef void (*GrusGruGates##suffix)(Real * h,                \
                                       size_t      h_stride,    \
                                       const Real* a,           \
                                       const Real* c,           \
                                       size_t      n,           \
                                       size_t      hidden);          \
                                                                \
  typedef void (*GrusGruSequence##suffix)(Real * y,             \
                                          size_t      y_stride, \
                                          const Real* a,        \
                                          size_t      a_stride, \
                                          const Real* w,        \
                                          const Real* b,        \
                                          Real*       h,        \
                                          Real*       c,        \
                                          size_t      n,        \
                                          size_t      n_hidden, \
                                          size_t      hidden);       \
                                                                \
  typedef void (*GrusGruRows##suffix)(Real * y,                 \
                                      size_t      y_stride,     \
                                      const Real* x,            \
                                      size_t      x_stride,     \
                                      const Real* input_w,      \
                                      const Real* input_b,      \
                                      size_t      in,           \
                                      Real*       h,            \
                                      const Real* w,            \
                                      const Real* b,            \
                                      size_t      n,            \
                                      size_t      n_hidden,     \
                                      size_t      hidden)

GRUS_KERNEL_TYPES(float, );
GRUS_KERNEL_TYPES(double, F64);

/// GrusKernels::gru_pair, of two hidden states
typedef void (*GrusGruPair)(float*        y,
                            size_t        y_stride,
                            const float*  a,
                            size_t        a_stride,
                            const float*  w,
                            const float*  b,
                            float* const* h,
                            float*        c,
                            size_t        n,
                            size_t        n_hidden,
                            size_t        hidden);

#endif // GRUS_KERNELS_TYPES_H
