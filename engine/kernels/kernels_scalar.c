// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "vec_scalar.h"

#include "int8_body.h"
#include "kernels_body.h"

const GrusKernels grus_kernels_scalar =
  GRUS_KERNELS_TABLE("scalar", gru_sequence, gru_pair, linear_int8);
