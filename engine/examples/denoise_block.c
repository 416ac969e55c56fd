// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Clean a voice, one block after the other:
//
//   denoise_block voice.safetensors < noisy.f32 > clean.f32
//
// Sound is raw: 32-bit floats, one channel, 48 kHz.

#include "read_file.h"

#include <grus/grus.h>

#include <stdio.h>
#include <stdlib.h>

enum { BLOCK = 480 }; // Any number of frames gives the same sound

int
main(const int argc, char** const argv)
{
  GrusMessage            message = {""};
  GrusModel*             model   = NULL;
  GrusStream*            stream  = NULL;
  const GrusStreamConfig config  = {48000U, 1U, NULL};

  // Not real-time: read the model, make everything that a block will need
  size_t      size = 0U;
  void* const file = argc == 2 ? read_file(argv[1], &size) : NULL;
  if (!file || grus_model_parse(file, size, &model, &message) ||
      grus_stream_new(model, &config, &stream, &message)) {
    fprintf(stderr, "denoise_block MODEL: %s\n", message.text);
    return 1;
  }
  free(file);
  fprintf(stderr, "%u frames late\n", grus_stream_latency(stream));

  // Real-time safe: this is what an audio callback does
  float  block[BLOCK];
  size_t n = 0U;
  while ((n = fread(block, sizeof(float), BLOCK, stdin))) {
    const float* const in  = block;
    float* const       out = block; // In place is allowed
    grus_stream_process(stream, &in, &out, (uint32_t)n);
    fwrite(block, sizeof(float), n, stdout);
  }

  grus_stream_free(stream);
  grus_model_free(model);
  return fflush(stdout) ? 1 : 0;
}
