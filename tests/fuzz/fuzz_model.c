// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// libFuzzer target: any bytes are a model or an error, and a model that is
// read can be run.  Build with clang and -Dfuzz=true.

#include "grus/grus.h"

#include <stddef.h>
#include <stdint.h>

int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t* const data, const size_t size)
{
  static float block[4000];

  GrusModel* model = NULL;
  if (!grus_model_parse(data, size, &model, NULL)) {
    const GrusStreamConfig config = {44100U, 1U, NULL};
    GrusStream*            stream = NULL;
    if (!grus_stream_new(model, &config, &stream, NULL)) {
      const float* in  = block;
      float*       out = block;
      grus_stream_process(stream, &in, &out, 4000U);
      grus_stream_free(stream);
    }
    grus_model_free(model);
  }

  return 0;
}
