// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Move a stream in the middle of a sentence: what it remembers goes from one
// stream into another one, which continues bit for bit.
//
//   save_state voice.safetensors

#include "read_file.h"

#include <grus/grus.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = 480, N_BLOCKS = 100 };

static void
play(GrusStream* const stream, float* const block, const unsigned number)
{
  for (unsigned i = 0U; i < BLOCK; ++i) { // A rough tone for a voice
    const float phase = (float)((number * BLOCK + i) % 240U) / 240.0f;
    block[i]          = 0.2f * (phase - 0.5f) + 0.1f * sinf(40.0f * phase);
  }

  const float* const in  = block;
  float* const       out = block;
  grus_stream_process(stream, &in, &out, BLOCK);
}

int
main(const int argc, char** const argv)
{
  GrusMessage            message = {""};
  GrusModel*             model   = NULL;
  GrusStream*            first   = NULL;
  GrusStream*            second  = NULL;
  const GrusStreamConfig config  = {48000U, 1U, NULL};

  size_t      size = 0U;
  void* const file = argc == 2 ? read_file(argv[1], &size) : NULL;
  if (!file || grus_model_parse(file, size, &model, &message) ||
      grus_stream_new(model, &config, &first, &message) ||
      grus_stream_new(model, &config, &second, &message)) {
    fprintf(stderr, "save_state MODEL: %s\n", message.text);
    return 1;
  }
  free(file);

  float one[BLOCK];
  float two[BLOCK];
  for (unsigned i = 0U; i < N_BLOCKS; ++i) {
    play(first, one, i);
  }

  const size_t n_bytes = grus_stream_state_size(first);
  void* const  state   = malloc(n_bytes);
  if (!state || grus_stream_get_state(first, state, n_bytes) ||
      grus_stream_set_state(second, state, n_bytes, &message)) {
    fprintf(stderr, "the state cannot be moved: %s\n", message.text);
    return 1;
  }

  int different = 0;
  for (unsigned i = N_BLOCKS; i < 2U * N_BLOCKS; ++i) {
    play(first, one, i);
    play(second, two, i);
    different |= memcmp(one, two, sizeof(one));
  }
  printf("%zu bytes moved: the sound is %s\n",
         n_bytes,
         different ? "different" : "the same, bit for bit");

  free(state);
  grus_stream_free(second);
  grus_stream_free(first);
  grus_model_free(model);
  return different ? 1 : 0;
}
