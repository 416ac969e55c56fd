// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file callbacks.h

   What PortAudio calls, in threads of its own, for each block.
*/

#ifndef GRUS_TOOLS_LIVE_AUDIO_CALLBACKS_H
#define GRUS_TOOLS_LIVE_AUDIO_CALLBACKS_H

#include "grus/grus.h"
#include "live/audio/drift.h"
#include "live/audio/plan.h"
#include "live/audio/sound.h"

#include <portaudio.h>

enum { LIVE_DRIFT_CHUNK = 512 }; ///< Frames cleaned at once between two clocks

/// What the callbacks get as their data
typedef struct {
  LivePlan   plan;
  LiveSound* sound;
  LiveDrift* drift;                      ///< Between two clocks, or null
  float*     cleaned[GRUS_MAX_CHANNELS]; ///< (drift chunk) On their way there
} LiveCallbackData;

/// Where both directions run on one clock
int
live_callback_both(const void*                     input,
                   void*                           output,
                   unsigned long                   n_frames,
                   const PaStreamCallbackTimeInfo* time,
                   PaStreamCallbackFlags           flags,
                   void*                           data);

/// For an input with its own clock
int
live_callback_input(const void*                     input,
                    void*                           output,
                    unsigned long                   n_frames,
                    const PaStreamCallbackTimeInfo* time,
                    PaStreamCallbackFlags           flags,
                    void*                           data);

/// For an output with its own clock
int
live_callback_output(const void*                     input,
                     void*                           output,
                     unsigned long                   n_frames,
                     const PaStreamCallbackTimeInfo* time,
                     PaStreamCallbackFlags           flags,
                     void*                           data);

#endif // GRUS_TOOLS_LIVE_AUDIO_CALLBACKS_H
