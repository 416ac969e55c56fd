// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/rate.h"

#include "cli/say.h"
#include "sound/format.h"

#include <samplerate.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SPARE = 4096 }; ///< Frames that may come at once beyond the ratio

int
sound_rate_init(SoundRate* const rate,
                const int        from,
                const int        to,
                const int        n_channels)
{
  memset(rate, 0, sizeof(*rate));
  rate->from       = from;
  rate->to         = to;
  rate->n_channels = n_channels;
  if (from == to) {
    return EXIT_OK;
  }

  int error       = 0;
  rate->converter = src_new(SRC_SINC_BEST_QUALITY, n_channels, &error);
  return rate->converter ? EXIT_OK
                         : say_error(EXIT_FAILED,
                                     "cannot resample from %d to %d Hz: %s",
                                     from,
                                     to,
                                     src_strerror(error));
}

static bool
make_room(SoundRate* const rate, const size_t n)
{
  if (n > rate->room) {
    const size_t width  = (size_t)rate->n_channels * sizeof(float);
    float* const frames = (float*)realloc(rate->frames, n * width);
    if (!frames) {
      return false;
    }
    rate->frames = frames;
    rate->room   = n;
  }
  return true;
}

/// Run the converter until it wants more, into `frames`; returns its error
static int
convert(SoundRate* const rate,
        const float*     frames,
        size_t           n,
        size_t* const    n_result)
{
  const size_t width = (size_t)rate->n_channels;
  const bool   ends  = !n;
  for (;;) {
    SRC_DATA data      = {0};
    data.data_in       = frames;
    data.input_frames  = (long)n;
    data.data_out      = rate->frames + (*n_result * width);
    data.output_frames = (long)(rate->room - *n_result);
    data.end_of_input  = ends;
    data.src_ratio     = (double)rate->to / rate->from;

    const int error = src_process(rate->converter, &data);
    if (error) {
      return error;
    }
    n -= (size_t)data.input_frames_used;
    frames += (size_t)data.input_frames_used * width;
    *n_result += (size_t)data.output_frames_gen;
    if (!data.output_frames_gen && !data.input_frames_used) {
      return 0;
    }
    if (!make_room(rate, *n_result + SPARE)) {
      return 1; // Malloc failed, in the library's numbers
    }
  }
}

/// Give the last piece the length that all need to have
static bool
settle(SoundRate* const rate, size_t* const n_result)
{
  const size_t  width = (size_t)rate->n_channels * sizeof(float);
  const int64_t left =
    sound_format_frames(rate->n_in, rate->from, rate->to) - rate->n_out;
  const size_t n = left > 0 ? (size_t)left : 0U;
  if (!make_room(rate, n)) {
    return false;
  }
  if (n > *n_result) {
    memset(
      (char*)rate->frames + (*n_result * width), 0, (n - *n_result) * width);
  }
  *n_result = n;
  return true;
}

int
sound_rate_run(SoundRate* const rate,
               float* const     frames,
               const size_t     n,
               float** const    result,
               size_t* const    n_result)
{
  *result   = frames;
  *n_result = n;
  if (!rate->converter) {
    return EXIT_OK;
  }

  static const float nothing[1] = {0.0f}; // For the library, null is an error

  const double ratio = (double)rate->to / rate->from;
  int          error = !make_room(rate, (size_t)(ratio * (double)n) + SPARE);
  *n_result          = 0U;
  error = error ? error : convert(rate, n ? frames : nothing, n, n_result);
  rate->n_in += (int64_t)n;
  if (!error && !n) {
    error = !settle(rate, n_result);
  }
  if (error) {
    return say_error(EXIT_FAILED,
                     "cannot resample from %d to %d Hz: %s",
                     rate->from,
                     rate->to,
                     src_strerror(error));
  }

  rate->n_out += (int64_t)*n_result;
  *result = rate->frames;
  return EXIT_OK;
}

void
sound_rate_clear(SoundRate* const rate)
{
  if (rate->converter) {
    src_delete(rate->converter);
  }
  free(rate->frames);
  memset(rate, 0, sizeof(*rate));
}
