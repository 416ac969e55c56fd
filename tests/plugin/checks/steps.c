// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Neither a swap of models nor a bypass may click

#define _GNU_SOURCE

#include "checks.h"
#include "lv2_host/host.h"
#include "lv2_host/messages.h"
#include "support.h"

#include <unistd.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/// What happens while a sound plays
typedef enum {
  PLAY_STEADY, ///< Nothing
  PLAY_SWAP,   ///< Every second the model changes
  PLAY_BYPASS, ///< Every second the bypass changes
} Happening;

/// Largest steps between neighbouring samples
typedef struct {
  float steady; ///< While nothing happens
  float change; ///< In the half second after something was asked for
} Steps;

static void
measure_steps(Steps* const       steps,
              float* const       last,
              const float* const sound,
              const bool         changing)
{
  float* const largest = changing ? &steps->change : &steps->steady;
  for (uint32_t k = 0U; k < BLOCK; ++k) {
    *largest = fmaxf(*largest, fabsf(sound[k] - *last));
    *last    = sound[k];
  }
}

/// Play a sound; `model` plays from the start if `from` says so
static Steps
play_steps(const Sound       sound,
           const Happening   happening,
           const char* const model,
           const char* const from,
           const float       enabled_from)
{
  enum { SECOND = 48000, CHANGE = SECOND / 2 };
  Host* const  host    = host_new(VOICE, 48000.0, true);
  float* const enabled = host_control(host, "enabled");
  Steps        steps   = {0.0f, 0.0f};
  float        last    = 0.0f;

  *enabled = enabled_from;
  host_set_model(host, from);
  host_settle(host);
  host_restart(host);
  for (size_t i = 0U; i + BLOCK <= sound.n; i += BLOCK) {
    float              out[BLOCK];
    const float* const in     = sound.samples + i;
    float* const       output = out;
    const size_t       second = i / SECOND;
    if (second > 0U && i % SECOND < BLOCK) {
      if (happening == PLAY_BYPASS) {
        *enabled = second % 2U ? 0.0f : 1.0f;
      } else if (happening == PLAY_SWAP) {
        host_set_model(host, second % 2U ? model : "");
      }
    }
    (void)host_run(host, &in, &output, BLOCK);
    while (happening == PLAY_SWAP && host_is_busy(host)) {
      usleep(200); // What happens late would not be measured
    }
    measure_steps(&steps,
                  &last,
                  out,
                  happening != PLAY_STEADY && second > 0U &&
                    i % SECOND < CHANGE);
  }
  host_free(host);
  return steps;
}

int
check_steps(const char* const path, const char* const model)
{
  const Sound sound  = read_sound(path);
  const Steps plain  = play_steps(sound, PLAY_STEADY, model, "", 1.0f);
  const Steps other  = play_steps(sound, PLAY_STEADY, model, model, 1.0f);
  const Steps dry    = play_steps(sound, PLAY_STEADY, model, "", 0.0f);
  const Steps swap   = play_steps(sound, PLAY_SWAP, model, "", 1.0f);
  const Steps bypass = play_steps(sound, PLAY_BYPASS, model, "", 1.0f);

  printf("largest step: steady %.4f, other model %.4f, dry %.4f; "
         "while models change %.4f, bypass %.4f\n",
         (double)plain.steady,
         (double)other.steady,
         (double)dry.steady,
         (double)swap.change,
         (double)bypass.change);
  free(sound.samples);
  return expect(swap.change <= fmaxf(plain.steady, other.steady),
                "a swap clicks") &&
             expect(bypass.change <= fmaxf(plain.steady, dry.steady),
                    "a bypass clicks")
           ? EXIT_SUCCESS
           : EXIT_FAILURE;
}
