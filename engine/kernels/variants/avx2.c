// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "kernels/vec/avx2.h"

#include "kernels/body/int8.h"
#include "kernels/body/table.h"

const GrusKernels grus_kernels_avx2 =
  GRUS_KERNELS_TABLE("avx2", gru_sequence, gru_pair, linear_int8);
