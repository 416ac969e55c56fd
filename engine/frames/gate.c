// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "frames/gate.h"

#include <math.h>
#include <stddef.h>

/// Move the gate by one hop; return how far it is closed at the end of it
static float
move_gate(const GrusGateSettings* const settings,
          float* const                  gate,
          const float                   activity)
{
  float* const left = &gate[GRUS_GATE_HOPS_LEFT];

  // While voice goes on it may become less certain than at its start
  const float threshold = settings->threshold * (*left > 0.0f ? 0.6f : 1.0f);

  if (activity >= threshold) {
    *left = settings->hold + 1.0f;
    return 0.0f;
  }
  if (*left > 1.0f) {
    *left -= 1.0f;
    return gate[GRUS_GATE_CLOSED];
  }
  *left = 0.0f;
  return fminf(gate[GRUS_GATE_CLOSED] + (1.0f / fmaxf(settings->release, 1.0f)),
               1.0f);
}

void
grus_gate_process(const GrusGateSettings* const settings,
                  float* const                  gate,
                  const float                   activity,
                  float* const                  sound,
                  const size_t                  hop)
{
  const float from = gate[GRUS_GATE_CLOSED];
  const float to   = move_gate(settings, gate, activity);
  const float step = (to - from) / (float)hop;

  gate[GRUS_GATE_CLOSED] = to;
  if (from > 0.0f || to > 0.0f) {
    for (size_t i = 0U; i < hop; ++i) {
      sound[i] *= 1.0f - (from + (step * (float)(i + 1U)));
    }
  }
}
