// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What a preset makes of a sound

#include "checks.h"
#include "lv2_host/host.h"
#include "lv2_host/state.h"
#include "support.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

int
check_preset(const char* const preset,
             const char* const in_path,
             const char* const out_path)
{
  const Sound sound  = read_sound(in_path);
  Host* const host   = host_new(VOICE, 48000.0, true);
  FILE* const stream = fopen(out_path, "wb");
  float       out[BLOCK];
  bool        ok = stream && expect(host_restore(host, preset), "no preset");
  for (size_t i = 0U; ok && i + BLOCK <= sound.n; i += BLOCK) {
    const float* const in     = sound.samples + i;
    float* const       output = out;
    (void)host_run(host, &in, &output, BLOCK);
    ok = fwrite(out, sizeof(out), 1U, stream) == 1U;
  }
  if (stream) {
    ok = !fclose(stream) && ok;
  }
  host_free(host);
  free(sound.samples);
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
