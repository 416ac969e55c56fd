// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file mix.h

   What the parameters mean: out = wet * clean + dry * noisy, both aligned.

   With f = 10^(-reduction / 20), clean is (1 - f) wet + f dry: nothing is ever
   turned down by more than the reduction.  What was removed is dry - clean.
   Gains go over both, but for a stream that is not enabled.
*/

#ifndef GRUS_MIX_H
#define GRUS_MIX_H

#include "grus/attributes.h"

#include <stdbool.h>
#include <stdint.h>

/// Most frames that go through the stages at once
enum { GRUS_CHUNK = 256 };

/// Factors of the sound: out = wet * network(input * in) + dry * in
typedef enum {
  GRUS_FACTOR_INPUT,
  GRUS_FACTOR_WET,
  GRUS_FACTOR_DRY,
} GrusFactor;

enum { GRUS_N_FACTORS = 3 };

/// How the factors ramp to what the parameters ask for
typedef struct {
  float    now[GRUS_N_FACTORS];
  float    target[GRUS_N_FACTORS];
  uint32_t n_left; ///< Frames until the targets are reached
} GrusMix;

/// Parameters that a mix is made of
typedef struct {
  bool  enabled;
  bool  removed;     ///< Listen to what was removed
  float reduction;   ///< dB, from 100 on everything
  float input_gain;  ///< dB
  float output_gain; ///< dB
} GrusMixSettings;

/// Head for what `settings` ask for over `n_frames`, if that is new
GRUS_REALTIME void
grus_mix_update(GrusMix*               mix,
                const GrusMixSettings* settings,
                uint32_t               n_frames);

/// Write the factors of the next `n` frames and move on
GRUS_REALTIME void
grus_mix_ramp(GrusMix* mix, float (*factors)[GRUS_CHUNK], uint32_t n);

#endif // GRUS_MIX_H
