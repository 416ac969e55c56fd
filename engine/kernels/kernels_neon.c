// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "kernels/vec/neon.h"

#include "kernels/int8_body.h"
#include "kernels/kernels_body.h"

const GrusKernels grus_kernels_neon =
  GRUS_KERNELS_TABLE("neon", gru_sequence, gru_pair, linear_int8);
