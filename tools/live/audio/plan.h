// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file plan.h

   Which devices play, with how many channels and at what rate.
*/

#ifndef GRUS_TOOLS_LIVE_AUDIO_PLAN_H
#define GRUS_TOOLS_LIVE_AUDIO_PLAN_H

#include "devices/audio.h"
#include "live/options.h"

#include <portaudio.h>
#include <sndfile.h>

#include <stdbool.h>
#include <stdint.h>

/// Which devices play, and how
typedef struct {
  AudioChoice input;  ///< paNoDevice where a file plays
  AudioChoice output; ///< paNoDevice where nobody listens
  uint32_t    n_inputs;
  uint32_t    n_outputs;
  uint32_t    n_channels; ///< That are cleaned
  uint32_t    sample_rate;
  uint32_t    output_rate; ///< Another one only where the clocks differ
  uint32_t    block;       ///< 0 for the device's
  bool        two_clocks;  ///< Input and output run on their own
} LivePlan;

/// What PortAudio is given about the devices of a plan, null where there is
/// none
typedef struct {
  PaStreamParameters        in;
  PaStreamParameters        out;
  const PaStreamParameters* input;
  const PaStreamParameters* output;
} LivePlanParameters;

/**
   Choose devices, channels and a rate.

   @param source What plays instead of a microphone, or null.
   @return EXIT_OK, or EXIT_FAILED after telling why.
*/
int
live_plan(const LiveOptions* options, const SF_INFO* source, LivePlan* plan);

/// Return the name of what was chosen, "none" if that is nothing
const char*
live_plan_name(const AudioChoice* choice);

/// Return a plan of one direction only
LivePlan
live_plan_one_direction(const LivePlan* plan, AudioDirection direction);

/// Get what PortAudio is given; `parameters` must stay where they are
void
live_plan_parameters(const LivePlan* plan, LivePlanParameters* parameters);

#endif // GRUS_TOOLS_LIVE_AUDIO_PLAN_H
