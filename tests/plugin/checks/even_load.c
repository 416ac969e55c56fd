// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// An even load is wished by a port and decided for the model that plays

#define _GNU_SOURCE

#include "checks.h"
#include "lv2_host/host.h"
#include "lv2_host/messages.h"
#include "support.h"

#include <unistd.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { SECOND = 48000, OFF = 0, ON = 1, AUTO = 2 };

/// Play until a new stream would be the one that is heard
static void
play(Host* const host)
{
  for (uint32_t i = 0U; i < SECOND; i += BLOCK) {
    const float        in[BLOCK] = {0.0f};
    float              out[BLOCK];
    const float* const from = in;
    float* const       to   = out;
    (void)host_run(host, &from, &to, BLOCK);
    while (host_is_busy(host)) {
      usleep(200);
    }
  }
}

/// Whether the latency, which tells if work is spread, is this many frames
static bool
is_late_by(Host* const host, const float wish, const uint32_t frames)
{
  *host_control(host, "even_load") = wish;
  play(host);
  const uint32_t latency = (uint32_t)*host_control(host, "latency");
  printf("wish %.0f: latency %u frames\n", (double)wish, latency);
  return expect(latency == frames, "the decision on an even load is wrong");
}

int
check_even_load(const char* const short_hop)
{
  // The bundle's model has hops of 768 frames, longer than two blocks, and the
  // other one hops of 192
  Host* const host = host_new(VOICE, SECOND, true);
  bool ok = is_late_by(host, AUTO, 2304U) && is_late_by(host, OFF, 1536U) &&
            is_late_by(host, ON, 2304U) && is_late_by(host, AUTO, 2304U);
  host_set_model(host, short_hop);
  ok = ok && is_late_by(host, AUTO, 384U) && is_late_by(host, ON, 576U) &&
       is_late_by(host, AUTO, 384U);
  host_restart(host);
  ok = ok && is_late_by(host, AUTO, 384U);
  host_set_model(host, "");
  ok = ok && is_late_by(host, AUTO, 2304U);
  host_free(host);
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
