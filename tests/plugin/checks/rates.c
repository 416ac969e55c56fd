// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Every sample rate, odd blocks

#include "checks.h"
#include "lv2_host/host.h"
#include "support.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

/// Return whether bypass passes the sound through at the latency it reports
static bool
passes_dry(const char* const uri, const double rate, const bool with_features)
{
  enum { N = 60000 };
  static float in[HOST_MAX_CHANNELS][N];
  static float out[HOST_MAX_CHANNELS][N];
  Host* const  host = host_new(uri, rate, with_features);
  if (!host) {
    return false;
  }

  for (uint32_t i = 0U; i < N; ++i) {
    in[0][i] = draw_float(-0.5f, 0.5f);
    in[1][i] = draw_float(-0.5f, 0.5f);
  }
  *host_control(host, "enabled") = 0.0f;
  unsigned n_violations          = 0U;
  for (uint32_t i = 0U; i < N;) {
    const uint32_t     left   = N - i;
    const uint32_t     want   = draw(1000U);
    const uint32_t     n      = want < left ? want : left;
    const float* const from[] = {in[0] + i, in[1] + i};
    float* const       to[]   = {out[0] + i, out[1] + i};
    n_violations += host_run(host, from, to, n);
    i += n;
  }

  const uint32_t latency = (uint32_t)*host_control(host, "latency");
  bool           same    = latency > 0U && latency < N / 2U;
  for (uint32_t c = 0U; c < host_n_channels(host); ++c) {
    for (uint32_t i = latency; same && i < N; ++i) {
      same = out[c][i] == in[c][i - latency];
    }
  }
  printf("%s at %.0f Hz: latency %u frames\n", uri, rate, latency);
  host_free(host);
  return expect(same, "bypass is not the input") &&
         expect(!n_violations, "the real-time rules were broken");
}

int
check_rates(void)
{
  static const double all[] = {8000,
                               11025,
                               16000,
                               22050,
                               32000,
                               44100,
                               48000,
                               88200,
                               96000,
                               176400,
                               192000};
  bool                ok    = true;
  for (size_t i = 0U; i < sizeof(all) / sizeof(all[0]); ++i) {
    ok = passes_dry(VOICE, all[i], true) && ok;
    ok = passes_dry("urn:grus:voice-stereo", all[i], false) && ok;
  }
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
