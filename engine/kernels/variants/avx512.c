// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "kernels/vec/avx512.h"

#include "kernels/body/table.h"
#include "kernels/variants/avx512_vnni.h"

extern const GrusKernels grus_kernels_avx512_8lanes;

enum {
  /// Units up to which one half of a vector is enough
  HALF = VEC_LOW_LEN,

  /// Units up to which halves are faster where a processor computes a whole
  /// vector as two of them, as measured on Zen 4
  HALVES = 40,
};

/// Define gru_sequence() and gru_pair() under names that end in `suffix`, of
/// half vectors up to `most` units
#define GRU_BY_HALVES(suffix, most)                                        \
  static void gru_sequence_##suffix(float* const       y,                  \
                                    const size_t       y_stride,           \
                                    const float* const a,                  \
                                    const size_t       a_stride,           \
                                    const float* const w,                  \
                                    const float* const b,                  \
                                    float* const       h,                  \
                                    float* const       c,                  \
                                    const size_t       n,                  \
                                    const size_t       n_hidden,           \
                                    const size_t       hidden)             \
  {                                                                        \
    (n_hidden <= (most) ? grus_kernels_avx512_8lanes.gru_sequence          \
                        : gru_sequence)(                                   \
      y, y_stride, a, a_stride, w, b, h, c, n, n_hidden, hidden);          \
  }                                                                        \
                                                                           \
  static void gru_pair_##suffix(float* const        y,                     \
                                const size_t        y_stride,              \
                                const float* const  a,                     \
                                const size_t        a_stride,              \
                                const float* const  w,                     \
                                const float* const  b,                     \
                                float* const* const h,                     \
                                float* const        c,                     \
                                const size_t        n,                     \
                                const size_t        n_hidden,              \
                                const size_t        hidden)                \
  {                                                                        \
    (n_hidden <= (most) ? grus_kernels_avx512_8lanes.gru_pair : gru_pair)( \
      y, y_stride, a, a_stride, w, b, h, c, n, n_hidden, hidden);          \
  }

GRU_BY_HALVES(by_half, HALF)
GRU_BY_HALVES(by_halves, HALVES)

/// Without the instructions for bytes, half vectors do as well
static void
linear_int8_of_halves(float* const       y,
                      const size_t       y_stride,
                      const float* const w,
                      const float* const b,
                      const float* const x,
                      const size_t       x_stride,
                      const size_t       n,
                      const size_t       in,
                      const size_t       out)
{
  grus_kernels_avx512_8lanes.linear_int8(
    y, y_stride, w, b, x, x_stride, n, in, out);
}

// Each under its own name, since their bits may differ

const GrusKernels grus_kernels_avx512 =
  GRUS_KERNELS_TABLE("avx512",
                     gru_sequence_by_half,
                     gru_pair_by_half,
                     linear_int8_of_halves);

const GrusKernels grus_kernels_avx512_vnni =
  GRUS_KERNELS_TABLE("avx512_vnni",
                     gru_sequence_by_half,
                     gru_pair_by_half,
                     grus_linear_int8_avx512_vnni);

const GrusKernels grus_kernels_avx512_zen4 =
  GRUS_KERNELS_TABLE("avx512_zen4",
                     gru_sequence_by_halves,
                     gru_pair_by_halves,
                     grus_linear_int8_avx512_vnni);
