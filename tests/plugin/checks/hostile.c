// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Values and messages that no host should send

#include "checks.h"
#include "grus/params.h"
#include "lv2_host/host.h"
#include "lv2_host/messages.h"
#include "support.h"

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// Damage some bytes of a message, or cut what it says about its size
static void
damage(uint8_t* const bytes, const uint32_t size)
{
  static const uint32_t sizes[] = {
    0U, 1U, 7U, 8U, 4097U, 1U << 16U, UINT32_MAX};
  const uint32_t n = draw(4U);
  for (uint32_t i = 0U; i < n; ++i) {
    // Never the sequence's own size: no host says more than there is
    const uint32_t place = sizeof(uint32_t) + draw(size - sizeof(uint32_t));
    if (draw(2U) && place / 4U * 4U + 4U <= size && place >= 8U) {
      memcpy(bytes + (place / 4U * 4U),
             &sizes[draw(sizeof(sizes) / sizeof(sizes[0]))],
             sizeof(uint32_t));
    } else {
      bytes[place] = (uint8_t)draw(256U);
    }
  }
}

static float
hostile_value(void)
{
  static const float values[] = {
    0.0f, -0.0f, 1.0f, -1.0f, 100.0f, 1e30f, -1e30f, 1e-40f, NAN, INFINITY};
  return values[draw(sizeof(values) / sizeof(values[0]))];
}

/// Count the meters that show no number, or activity that is no probability
static unsigned
count_bad_meters(Host* const host)
{
  const float activity = *host_control(host, "activity");
  unsigned    n        = !(activity >= 0.0f && activity <= 1.0f);
  for (uint32_t i = 0U; i < GRUS_N_METERS; ++i) {
    n += !isfinite(*host_control(host, grus_meter_info(i)->symbol));
  }
  return n;
}

int
check_hostile(const char* const uri, const uint32_t n_blocks)
{
  static const char* const own[] = {"latency", "load", "load_worst"};
  enum { MAX_BLOCK = 512, N_OWN = sizeof(own) / sizeof(own[0]) };
  static float       in[HOST_MAX_CHANNELS][MAX_BLOCK];
  static float       out[HOST_MAX_CHANNELS][MAX_BLOCK];
  const float* const from[]       = {in[0], in[1]};
  float* const       to[]         = {out[0], out[1]};
  Host* const        host         = host_new(uri, 48000.0, true);
  unsigned           n_bad        = 0U;
  unsigned           n_violations = 0U;
  for (uint32_t i = 0U; host && i < n_blocks; ++i) {
    const uint32_t n = draw(MAX_BLOCK + 1U);
    for (uint32_t k = 0U; k < n; ++k) {
      in[0][k] = draw(500U) ? draw_float(-1.0f, 1.0f) : hostile_value();
      in[1][k] = draw(500U) ? draw_float(-1.0f, 1.0f) : hostile_value();
    }
    float* const control =
      host_control(host, grus_param_info(draw(GRUS_N_PARAMS))->symbol);
    if (control) {
      *control = hostile_value();
    }

    uint32_t size = 0U;
    host_set_model(host, draw(2U) ? "/nowhere/a model.safetensors" : "");
    host_set_embed(host, draw(2U));
    host_get(host);
    uint8_t* const bytes = host_messages(host, &size);
    damage(bytes, size);
    n_violations += host_run(host, from, to, n);
    for (uint32_t k = 0U; k < n; ++k) {
      n_bad += !isfinite(out[0][k]);
    }
    for (size_t k = 0U; k < N_OWN; ++k) {
      n_bad += !isfinite(*host_control(host, own[k]));
    }
    n_bad += count_bad_meters(host);
  }

  printf("%s: %u hostile blocks, %u violations\n", uri, n_blocks, n_violations);
  const bool ok = host && expect(!n_bad, "what comes out is not finite") &&
                  expect(!n_violations, "the real-time rules were broken");
  if (host) {
    host_free(host);
  }
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
