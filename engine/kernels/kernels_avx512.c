// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "vec_avx512.h"

#include "kernels_avx512vnni.h"
#include "kernels_body.h"

extern const GrusKernels grus_kernels_avx2;

/// A GRU that fits half a vector gains nothing from a whole one, but on some
/// processors a whole one has longer latencies
static void
gru_sequence_by_width(float* const       y,
                      const size_t       y_stride,
                      const float* const a,
                      const size_t       a_stride,
                      const float* const w,
                      const float* const b,
                      float* const       h,
                      float* const       c,
                      const size_t       n,
                      const size_t       n_hidden,
                      const size_t       hidden)
{
  (n_hidden <= VEC_LOW_LEN ? grus_kernels_avx2.gru_sequence : gru_sequence)(
    y, y_stride, a, a_stride, w, b, h, c, n, n_hidden, hidden);
}

static void
gru_pair_by_width(float* const        y,
                  const size_t        y_stride,
                  const float* const  a,
                  const size_t        a_stride,
                  const float* const  w,
                  const float* const  b,
                  float* const* const h,
                  float* const        c,
                  const size_t        n,
                  const size_t        n_hidden,
                  const size_t        hidden)
{
  (n_hidden <= VEC_LOW_LEN ? grus_kernels_avx2.gru_pair : gru_pair)(
    y, y_stride, a, a_stride, w, b, h, c, n, n_hidden, hidden);
}

/// Without the instructions for bytes, half vectors do as well
static void
linear_int8_of_avx2(float* const       y,
                    const size_t       y_stride,
                    const float* const w,
                    const float* const b,
                    const float* const x,
                    const size_t       x_stride,
                    const size_t       n,
                    const size_t       in,
                    const size_t       out)
{
  grus_kernels_avx2.linear_int8(y, y_stride, w, b, x, x_stride, n, in, out);
}

// Both under one name, since a processor runs only one of them

const GrusKernels grus_kernels_avx512 =
  GRUS_KERNELS_TABLE("avx512",
                     gru_sequence_by_width,
                     gru_pair_by_width,
                     linear_int8_of_avx2);

const GrusKernels grus_kernels_avx512vnni =
  GRUS_KERNELS_TABLE("avx512",
                     gru_sequence_by_width,
                     gru_pair_by_width,
                     grus_linear_int8_avx512vnni);
