// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "kernels/vec/neon.h"

#include "kernels/body/int8.h"
#include "kernels/body/table.h"

const GrusKernels grus_kernels_neon =
  GRUS_KERNELS_TABLE("neon", gru_sequence, gru_pair, linear_int8);
