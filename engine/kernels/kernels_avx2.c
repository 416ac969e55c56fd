// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "kernels/vec/avx2.h"

#include "kernels/int8_body.h"
#include "kernels/kernels_body.h"

const GrusKernels grus_kernels_avx2 =
  GRUS_KERNELS_TABLE("avx2", gru_sequence, gru_pair, linear_int8);
