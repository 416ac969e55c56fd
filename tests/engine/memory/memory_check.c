// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/*
  A GRU over whole arrays needs less than twice the memory of its weights beside
  its input and output: small and large ones, one sequence and many.
*/

#define _GNU_SOURCE

#include "grus/gru.h"
#include "watch/memory_meter.h"

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { N_STEPS = 1000 };

/// Return whether a GRU keeps to its share
static int
check(const uint32_t hidden, const size_t batch)
{
  const GrusGruConfig config = grus_gru_config_default(hidden, hidden);
  const size_t        n      = N_STEPS * batch * hidden;
  GrusGru*            gru    = NULL;
  GrusGruCall         call   = {0};
  call.input                 = calloc(n, sizeof(float));
  call.input_shape           = (GrusShape){3U, {N_STEPS, batch, hidden}};
  call.output                = malloc(n * sizeof(float));
  call.output_size           = n;
  call.h_n                   = malloc(batch * hidden * sizeof(float));
  call.h_n_size              = batch * hidden;

  const size_t before = memory_meter_start();
  if (grus_gru_new(&config, &gru, NULL)) {
    return 0;
  }

  grus_gru_init_weights(gru, 1U);
  const size_t weights = (size_t)grus_gru_n_parameters(gru) * sizeof(float);
  const int    failed  = grus_gru_forward(gru, &call, NULL) != GRUS_SUCCESS;
  const size_t states  = batch * hidden * sizeof(float); // h_n
  const size_t used    = memory_meter_most() - before + states;
  const int    ok      = !failed && used > weights && used < 2U * weights;
  printf("%s: %u units, %zu sequences: %zu bytes, %zu of weights\n",
         ok ? "passed" : "FAILED",
         hidden,
         batch,
         used,
         weights);

  grus_gru_free(gru);
  free(call.h_n);
  free(call.output);
  free((void*)(uintptr_t)call.input);
  return ok;
}

int
main(void)
{
  static const uint32_t sizes[]   = {16U, 64U, 256U};
  static const size_t   batches[] = {1U, 32U};
  int                   ok        = 1;
  for (size_t i = 0U; i < sizeof(sizes) / sizeof(sizes[0]); ++i) {
    for (size_t b = 0U; b < sizeof(batches) / sizeof(batches[0]); ++b) {
      ok = check(sizes[i], batches[b]) && ok;
    }
  }

  return ok ? 0 : 1;
}
