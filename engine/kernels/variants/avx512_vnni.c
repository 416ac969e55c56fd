// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "kernels/variants/avx512_vnni.h"

#include "kernels/vec/avx512.h"

#include "kernels/body/int8.h"

void
grus_linear_int8_avx512_vnni(float* const       y,
                             const size_t       y_stride,
                             const float* const w,
                             const float* const b,
                             const float* const x,
                             const size_t       x_stride,
                             const size_t       n,
                             const size_t       in,
                             const size_t       out)
{
  linear_int8(y, y_stride, w, b, x, x_stride, n, in, out);
}
