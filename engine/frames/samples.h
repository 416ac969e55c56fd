// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file samples.h

   A sample network over the samples of all channels: as many steps of a layer
   at once as there are, two channels side by side.
*/

#ifndef GRUS_SAMPLES_H
#define GRUS_SAMPLES_H

#include "frames/block.h"
#include "frames/channels.h"
#include "grus/attributes.h"

/// See grus_inference_process()
GRUS_REALTIME void
grus_samples_process(const GrusInference* inference, const GrusBlock* block);

#endif // GRUS_SAMPLES_H
