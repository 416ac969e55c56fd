// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// torch.nn.GRU(5, 3, batch_first=True) over an array, from a state_dict saved
// as .safetensors, or with weights drawn at random:
//
//   gru_arrays [gru.safetensors]

#include "read_file.h"

#include <grus/gru.h>

#include <stdio.h>
#include <stdlib.h>

enum { BATCH = 2, SEQ = 4, IN = 5, HIDDEN = 3 };

int
main(const int argc, char** const argv)
{
  GrusMessage   message = {""};
  GrusGru*      gru     = NULL;
  GrusGruConfig config  = grus_gru_config_default(IN, HIDDEN);
  config.batch_first    = true;

  if (grus_gru_new(&config, &gru, &message)) {
    fprintf(stderr, "%s\n", message.text);
    return 1;
  }
  grus_gru_init_weights(gru, 1U);
  if (argc == 2) {
    size_t      size = 0U;
    void* const file = read_file(argv[1], &size);
    if (!file || grus_gru_load(gru, file, size, NULL, &message)) {
      fprintf(stderr, "\"%s\": %s\n", argv[1], message.text);
      return 1;
    }
    free(file);
  }

  static float input[BATCH][SEQ][IN];
  static float output[BATCH][SEQ][HIDDEN];
  static float h_n[1][BATCH][HIDDEN];
  input[0][0][0] = 1.0f;
  input[1][2][4] = -1.0f;

  const GrusGruCall call = {
    .input       = input,
    .input_shape = {3U, {BATCH, SEQ, IN}},
    .output      = output,
    .output_size = sizeof(output) / sizeof(float),
    .h_n         = h_n,
    .h_n_size    = sizeof(h_n) / sizeof(float),
  };
  if (grus_gru_forward(gru, &call, &message)) {
    fprintf(stderr, "%s\n", message.text);
    return 1;
  }

  for (int b = 0; b < BATCH; ++b) {
    for (int j = 0; j < HIDDEN; ++j) {
      printf("%.6f %.6f\n",
             (double)output[b][SEQ - 1][j],
             (double)h_n[0][b][j]); // The last step is the last state
    }
  }

  grus_gru_free(gru);
  return 0;
}
