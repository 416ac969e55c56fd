// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "kernels/vec/scalar.h"

#include "kernels/body/int8.h"
#include "kernels/body/table.h"

const GrusKernels grus_kernels_scalar =
  GRUS_KERNELS_TABLE("scalar", gru_sequence, gru_pair, linear_int8);
