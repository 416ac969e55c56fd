// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file gate.h

   The voice gate: silence unless a network says that there is voice.

   It moves once a hop and goes over the hop that leaves next, the older half of
   the analysis frame: it has opened before the voice that is new in the frame
   comes out.
*/

#ifndef GRUS_GATE_H
#define GRUS_GATE_H

#include "grus/attributes.h"

#include <stddef.h>

/// What a gate remembers, floats, zero at the start
enum {
  GRUS_GATE_CLOSED,    ///< How far it is closed, 0 to 1
  GRUS_GATE_HOPS_LEFT, ///< Hops until it begins to close, and 1 more
  GRUS_GATE_SIZE,
};

/// What a gate is asked for
typedef struct {
  float threshold; ///< Voice activity that opens it, 0 for no gate
  float hold;      ///< How long it stays open after that, hops
  float release;   ///< How long it takes to close, hops
} GrusGateSettings;

/**
   Move a gate by one hop and apply it.

   @param gate What it remembers.
   @param activity Probability of voice in the frame, 0 to 1.
   @param sound The hop that leaves next, `hop` samples.
*/
GRUS_REALTIME void
grus_gate_process(const GrusGateSettings* settings,
                  float*                  gate,
                  float                   activity,
                  float*                  sound,
                  size_t                  hop);

#endif // GRUS_GATE_H
