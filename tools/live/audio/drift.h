// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file drift.h

   Sound from one clock to another: what the input's clock makes is resampled
   so that the output's clock neither runs dry nor falls behind.

   The frames in between are counted whenever the output takes some.  A slow
   loop keeps their number where it should be by resampling a little more or
   less, and so learns how much faster one clock runs.
*/

#ifndef GRUS_TOOLS_LIVE_AUDIO_DRIFT_H
#define GRUS_TOOLS_LIVE_AUDIO_DRIFT_H

#include "grus/attributes.h"

#include <stdint.h>

/// The way from one clock to another
typedef struct LiveDriftImpl LiveDrift;

/// Return a new way, empty, or null without memory
LiveDrift*
live_drift_new(uint32_t n_channels, uint32_t input_rate, uint32_t output_rate);

/// Free `drift` (null is allowed)
void
live_drift_free(LiveDrift* drift);

/// Put frames in (thread of the input)
GRUS_REALTIME void
live_drift_push(LiveDrift* drift, const float* const* in, uint32_t n_frames);

/// Get frames out, silence until there are enough (thread of the output)
GRUS_REALTIME void
live_drift_pull(LiveDrift* drift, float* const* out, uint32_t n_frames);

/// Return by how many millionths the input is faster than it says (any thread)
GRUS_REALTIME float
live_drift_ppm(const LiveDrift* drift);

/// Return the delay, ms (any thread)
GRUS_REALTIME float
live_drift_latency(const LiveDrift* drift);

/// Return how often it had too few frames or too many (any thread)
GRUS_REALTIME uint32_t
live_drift_breaks(const LiveDrift* drift);

#endif // GRUS_TOOLS_LIVE_AUDIO_DRIFT_H
