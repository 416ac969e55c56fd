// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "load/self_test.h"

#include "base/message.h"
#include "grus/grus.h"
#include "model/model.h"

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/// Run the test signal and then as many zeros as its tail is late
static void
play(GrusStream* const stream, float* const sound, const uint32_t n)
{
  const float* in  = sound;
  float*       out = sound;

  grus_stream_process(stream, &in, &out, n);
}

static float
largest_difference(const float* const a, const float* const b, const size_t n)
{
  float most = 0.0f;
  for (size_t i = 0U; i < n; ++i) {
    const float difference = fabsf(a[i] - b[i]);
    if (!(difference <= most)) { // Catches NaN too
      most = difference;
    }
  }

  return most;
}

static GrusStatus
measure_error(const GrusModel* const model,
              GrusStream* const      stream,
              float* const           error,
              GrusMessage* const     message)
{
  const uint32_t n       = model->info.test_samples;
  const uint32_t latency = grus_stream_latency(stream);
  float* const   sound   = (float*)calloc((size_t)n + latency, sizeof(float));
  if (!sound) {
    return grus_fail(message, GRUS_ERR_NO_MEM, "no memory for the self-test");
  }

  memcpy(sound, model->test_input, n * sizeof(float));
  play(stream, sound, n + latency);
  *error = largest_difference(sound + latency, model->test_output, n);
  free(sound);
  return GRUS_SUCCESS;
}

GrusStatus
grus_model_test_error(const GrusModel* const model,
                      float* const           error,
                      GrusMessage* const     message)
{
  const GrusStreamConfig config = {model->info.sample_rate, 1U, NULL};
  GrusStream*            stream = NULL;
  GrusStatus             st = grus_stream_new(model, &config, &stream, message);
  if (!st) {
    st = measure_error(model, stream, error, message);
    grus_stream_free(stream);
  }

  return st;
}

GrusStatus
grus_model_self_test(GrusModel* const model, GrusMessage* const message)
{
  GrusModelInfo* const info = &model->info;
  const GrusStatus     st =
    grus_model_test_error(model, &info->test_error, message);
  if (!st && !(info->test_error <= info->test_tolerance)) {
    return grus_fail(message,
                     GRUS_ERR_SELF_TEST,
                     "self-test: the output differs by %.1e from the file's "
                     "test vector, more than its tolerance of %.1e",
                     (double)info->test_error,
                     (double)info->test_tolerance);
  }

  return st;
}
