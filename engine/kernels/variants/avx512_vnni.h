// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_KERNELS_AVX512_VNNI_H
#define GRUS_KERNELS_AVX512_VNNI_H

#include <stddef.h>

/// GrusKernels::linear_int8 for processors that multiply bytes and add up their
/// products in one instruction
void
grus_linear_int8_avx512_vnni(float*       y,
                             size_t       y_stride,
                             const float* w,
                             const float* b,
                             const float* x,
                             size_t       x_stride,
                             size_t       n,
                             size_t       in,
                             size_t       out);

#endif // GRUS_KERNELS_AVX512_VNNI_H
