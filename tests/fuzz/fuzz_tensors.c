// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// libFuzzer target: any bytes are tensors or an error, and a GRU whose weights
// they hold can be run.  The prefix is up to the first null byte.

#include "grus/gru.h"
#include "target.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { MAX_PREFIX = 16, MOST_SIZE = 8, N_STEPS = 3 };

static void
run(const GrusGruConfig* const config,
    const uint8_t* const       data,
    const size_t               size,
    const char* const          prefix)
{
  static double input[N_STEPS * MOST_SIZE];
  static double output[2 * N_STEPS * MOST_SIZE];
  static double h_n[8 * MOST_SIZE];

  const size_t      directions = config->bidirectional ? 2U : 1U;
  const GrusGruCall call       = {input,
                                  {2U, {N_STEPS, config->input_size}},
                                  NULL,
                                  {0U, {0U}},
                                  NULL,
                                  output,
                                  N_STEPS * directions * config->hidden_size,
                                  h_n,
                                  directions * config->num_layers *
                                    config->hidden_size};

  GrusGru* gru = NULL;
  if (!grus_gru_new(config, &gru, NULL) &&
      !grus_gru_load(gru, data, size, prefix, NULL)) {
    (void)!grus_gru_forward(gru, &call, NULL);
  }
  grus_gru_free(gru);
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  const size_t         most = size < MAX_PREFIX ? size : MAX_PREFIX;
  const uint8_t* const end  = (const uint8_t*)memchr(data, 0, most);
  if (!end) {
    return 0;
  }

  const char* const prefix = (const char*)data;
  const size_t      n      = size - (size_t)(end + 1 - data);
  GrusGruConfig     config;
  if (!grus_gru_read_config(end + 1, n, prefix, &config, NULL) &&
      config.input_size <= MOST_SIZE && config.hidden_size <= MOST_SIZE &&
      config.num_layers <= 4U) {
    run(&config, end + 1, n, prefix);
  }
  return 0;
}
