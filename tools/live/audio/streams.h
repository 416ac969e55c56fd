// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file streams.h

   Sound through the machine's devices: which ones, at what rate, and the
   callback that PortAudio calls.  Control thread.
*/

#ifndef GRUS_TOOLS_LIVE_AUDIO_STREAMS_H
#define GRUS_TOOLS_LIVE_AUDIO_STREAMS_H

#include "live/options.h"
#include "live/audio/sound.h"

#include <portaudio.h>
#include <sndfile.h>

#include <stdbool.h>
#include <stdint.h>

/// Which devices play, and how
typedef struct {
  PaDeviceIndex input;  ///< paNoDevice where a file plays
  PaDeviceIndex output; ///< paNoDevice where nobody listens
  uint32_t      n_inputs;
  uint32_t      n_outputs;
  uint32_t      n_channels; ///< That are cleaned
  uint32_t      sample_rate;
  uint32_t      output_rate; ///< Another one only where the clocks differ
  uint32_t      block;       ///< 0 for the device's
  bool          two_clocks;  ///< Input and output run on their own
} LivePlan;

/// Streams that run
typedef struct LiveAudioImpl LiveAudio;

/**
   Choose devices, channels and a rate.

   @param source What plays instead of a microphone, or null.
   @return EXIT_OK, or EXIT_FAILED after telling why.
*/
int
live_audio_plan(const LiveOptions* options,
                const SF_INFO*     source,
                LivePlan*          plan);

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
