// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file mask.h

   The masks and gains of a network over the spectrum of an analysis frame.
*/

#ifndef GRUS_MASK_H
#define GRUS_MASK_H

#include "grus/attributes.h"
#include "network/spectrum.h"
#include "stft/instance.h"

/// Replace the transform by what the network's masks leave of the spectrum
GRUS_REALTIME void
grus_stft_apply_mask(struct GrusStftImpl* stft, const GrusMaskRows* rows);

#endif // GRUS_MASK_H
