// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "vec_avx512.h"

#include "kernels_body.h"

const GrusKernels grus_kernels_avx512 = GRUS_KERNELS_TABLE("avx512");
