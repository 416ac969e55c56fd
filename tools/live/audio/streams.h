// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file streams.h

   Sound through the machine's devices, opened as planned.  Control thread.
*/

#ifndef GRUS_TOOLS_LIVE_AUDIO_STREAMS_H
#define GRUS_TOOLS_LIVE_AUDIO_STREAMS_H

#include "live/audio/plan.h"
#include "live/audio/sound.h"

#include <stdbool.h>
#include <stdint.h>

/// Streams that run
typedef struct LiveAudioImpl LiveAudio;

/**
   Open the devices and play `sound`, which must outlive the streams.

   @param audio Set to new streams, to be ended with live_audio_end().
   @return EXIT_OK, or EXIT_FAILED after telling why.
*/
int
live_audio_start(const LivePlan* plan,
                 LiveSound*      sound,
                 bool            real_time,
                 LiveAudio**     audio);

/// Return the delay of the devices and of what lies between them, ms
double
live_audio_latency(const LiveAudio* audio);

/// Return how much faster the input's clock runs than the output's, in
/// millionths
double
live_audio_drift(const LiveAudio* audio);

/// Return how often sound was lost between two clocks
uint32_t
live_audio_breaks(const LiveAudio* audio);

/// Return whether the devices still call back
bool
live_audio_is_alive(const LiveAudio* audio);

/// Close the devices (null is allowed); only while they are alive
void
live_audio_end(LiveAudio* audio);

#endif // GRUS_TOOLS_LIVE_AUDIO_STREAMS_H
