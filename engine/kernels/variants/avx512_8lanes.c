// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What avx512.c takes where half vectors do better than whole ones:
// with twice the registers that AVX2 knows

#include "kernels/vec/avx2.h"

#include "kernels/body/int8.h"
#include "kernels/body/table.h"

extern const GrusKernels grus_kernels_avx512_8lanes;

const GrusKernels grus_kernels_avx512_8lanes =
  GRUS_KERNELS_TABLE("avx512_8lanes", gru_sequence, gru_pair, linear_int8);
