// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file frames.h

   Samples into hops, hops into analysis frames, and what a frame network makes
   of these into samples again.
*/

#ifndef GRUS_FRAMES_H
#define GRUS_FRAMES_H

#include "frames/block.h"
#include "frames/channels.h"
#include "grus/attributes.h"

#include <stdint.h>

/// See grus_inference_process()
GRUS_REALTIME void
grus_frames_process(GrusInference*           inference,
                    const GrusInferenceMode* mode,
                    const GrusBlock*         block,
                    float*                   activity);

/// See grus_inference_restore()
void
grus_frames_restore(GrusInference*           inference,
                    const GrusInferenceMode* mode,
                    uint64_t                 position);

#endif // GRUS_FRAMES_H
