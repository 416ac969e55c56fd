// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// float32 on the kernels of the streaming engine

#include "kernels/kernels.h"

typedef float       Real;
typedef GrusKernels RealKernels;

#include "arrays/gru_body.h"

GrusStatus
grus_gru_run_f32(GrusGru* const gru, const GrusGruRun* const run)
{
  return run_network(gru, run, gru->kernels);
}
