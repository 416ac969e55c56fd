// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Threads, real time, random blocks: what a busy session does to a plugin

#define _GNU_SOURCE

#include "checks.h"
#include "grus/params.h"
#include "lv2_host/host.h"
#include "lv2_host/messages.h"
#include "lv2_host/state.h"
#include "support.h"

#include <pthread.h>
#include <unistd.h>

#include <math.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
  Host*       host;
  atomic_bool quit;
  unsigned    n_saves;
  unsigned    n_restores;
} Session;

/// A host's other thread: it saves and restores while the plugin plays
static void*
run_session(void* const handle)
{
  Session* const session = (Session*)handle;
  while (!atomic_load(&session->quit)) {
    session->n_saves += host_save(session->host, NULL);
    usleep(3000);
    if (session->n_saves % 8U == 0U) {
      session->n_restores += host_restore(session->host, NULL);
    }
    usleep(3000);
  }
  return NULL;
}

/// Turn something
static void
turn(Host* const host)
{
  const GrusParamInfo* const info  = grus_param_info(draw(GRUS_N_PARAMS));
  float* const               value = host_control(host, info->symbol);
  if (value) {
    *value = draw(20U) ? draw_float(info->minimum, info->maximum) : NAN;
  }
}

int
check_stress(const char* const uri,
             const char* const model,
             const uint32_t    n_blocks)
{
  enum { SWAP_EVERY = 100 }; // Longer than a warm-up and a fade
  static float       sound[HOST_MAX_CHANNELS][HOST_MAX_BLOCK];
  const float* const in[]         = {sound[0], sound[1]};
  float* const       out[]        = {sound[0], sound[1]}; // In place
  unsigned           n_violations = 0U;
  unsigned           n_swaps      = 0U;
  unsigned           n_bad        = 0U;
  uint64_t           n_frames     = 0U;
  Host* const        host         = host_new(uri, 48000.0, true);
  Session            session      = {host, false, 0U, 0U};
  pthread_t          thread;
  if (!host) {
    return EXIT_FAILURE;
  }

  pthread_create(&thread, NULL, run_session, &session);
  for (uint32_t i = 0U; i < n_blocks; ++i) {
    // Short blocks mostly, as a host's are, and sometimes very long ones
    const uint32_t n = draw(16U) ? draw(600U) : draw(HOST_MAX_BLOCK + 1U);
    for (uint32_t k = 0U; k < n; ++k) {
      sound[0][k] = draw_float(-0.5f, 0.5f);
      sound[1][k] = draw_float(-0.5f, 0.5f);
    }
    turn(host);
    if (i % SWAP_EVERY == 0U) {
      while (host_is_busy(host)) {
        usleep(200); // A busy machine is not what is to be measured
      }
      host_set_model(host, n_swaps++ % 2U ? "" : model);
    }
    if (i % 97U == 0U) {
      host_get(host);
    }
    n_violations += host_run(host, in, out, n);
    for (uint32_t k = 0U; k < n; ++k) {
      n_bad += !isfinite(sound[0][k]) || fabsf(sound[0][k]) > 1000.0f;
    }
    n_frames += n;
  }
  atomic_store(&session.quit, true);
  pthread_join(thread, NULL);
  host_settle(host);

  printf("%s: %u blocks, %.0f s of sound, %u of %u swaps, %u saves, "
         "%u restores, %u violations\n",
         uri,
         n_blocks,
         (double)n_frames / 48000.0,
         host_news(host)->n_changes,
         n_swaps,
         session.n_saves,
         session.n_restores,
         n_violations);
  const bool ok = expect(!n_violations, "the real-time rules were broken") &&
                  expect(!n_bad, "the sound is not finite") &&
                  expect(!host_news(host)->error[0], host_news(host)->error) &&
                  expect(host_news(host)->n_changes > n_swaps / 2U,
                         "models did not change") &&
                  expect(session.n_saves > 0U, "nothing was saved");
  host_free(host);
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
