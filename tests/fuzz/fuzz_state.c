// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// libFuzzer target: any bytes are a state of a stream or an error, and a stream
// that took one plays on.  The first byte says whether the rest is a whole
// state, or lies over a good one from the place that two more bytes name.

#include "base/fnv.h"
#include "grus/grus.h"
#include "model_writer.h"
#include "target.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { N_FRAMES = 60, HASH_SIZE = 8 };

static GrusStream* stream;
static uint8_t*    good;
static uint8_t*    state;
static size_t      state_size;

int
LLVMFuzzerInitialize(int* const argc, char*** const argv)
{
  const GrusStreamConfig config = {44100U, 1U, "scalar"};
  (void)argc;
  (void)argv;
  if (grus_stream_new(writer_frame_model(), &config, &stream, NULL)) {
    abort();
  }

  state_size = grus_stream_state_size(stream);
  good       = (uint8_t*)malloc(state_size);
  state      = (uint8_t*)malloc(state_size);
  if (!good || !state || grus_stream_get_state(stream, good, state_size)) {
    abort();
  }
  return 0;
}

/// Play on, and find no number that is none
static void
play(void)
{
  float        block[N_FRAMES] = {0.5f};
  const float* in              = block;
  float*       out             = block;
  grus_stream_process(stream, &in, &out, N_FRAMES);
  for (size_t i = 0U; i < N_FRAMES; ++i) {
    if (!isfinite(block[i])) {
      abort();
    }
  }
}

/// Lay bytes over a good state, whose sum is then right
static void
lay_over(const uint8_t* const data, const size_t size, const size_t place)
{
  const size_t n    = state_size - HASH_SIZE;
  const size_t at   = place % n;
  const size_t most = n - at;
  memcpy(state, good, state_size);
  memcpy(state + at, data, size < most ? size : most);

  const uint64_t hash = grus_fnv1a(state, n);
  for (unsigned i = 0U; i < HASH_SIZE; ++i) {
    state[n + i] = (uint8_t)(hash >> (8U * i));
  }
}

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  if (size < 3U) {
    return 0;
  }

  GrusStatus st = GRUS_SUCCESS;
  if (data[0] % 2U) {
    st = grus_stream_set_state(stream, data + 1, size - 1U, NULL);
  } else {
    lay_over(data + 3, size - 3U, data[1] | ((size_t)data[2] << 8U));
    st = grus_stream_set_state(stream, state, state_size, NULL);
  }
  if (!st) {
    play();
  }
  return 0;
}
