// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/audio/streams.h"

#include "cli/say.h"
#include "devices/audio.h"
#include "live/audio/callbacks.h"
#include "live/audio/drift.h"
#include "live/audio/plan.h"
#include "live/audio/sound.h"

#include <portaudio.h>
#ifdef GRUS_HAVE_PA_ALSA
#  include <pa_linux_alsa.h>
#endif

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

static const double most_latency = 10.0; ///< Seconds

struct LiveAudioImpl {
  LiveCallbackData data;
  PaStream*        stream; ///< Of both directions, or of the input
  PaStream* output; ///< Of the output where it has its own clock, or null
};

static PaError
open_stream(LiveAudio* const        audio,
            const LivePlan* const   plan,
            PaStreamCallback* const callback,
            PaStream** const        stream)
{
  const double rate =
    plan->input.device != paNoDevice ? plan->sample_rate : plan->output_rate;

  LivePlanParameters parameters;
  audio_point_at(plan->input.device != paNoDevice ? plan->input.node
                                                  : plan->output.node);
  live_plan_parameters(plan, &parameters);
  const PaError error =
    Pa_OpenStream(stream,
                  parameters.input,
                  parameters.output,
                  rate,
                  plan->block ? plan->block : paFramesPerBufferUnspecified,
                  paClipOff | paDitherOff,
                  callback,
                  &audio->data);
  if (error) {
    *stream = NULL; // What PortAudio has left there is nothing to close
  }
  return error;
}

/// Open an input and an output that have their own clocks
static PaError
open_two_streams(LiveAudio* const audio)
{
  const LivePlan* const plan   = &audio->data.plan;
  const LivePlan        input  = live_plan_one_direction(plan, AUDIO_INPUT);
  const LivePlan        output = live_plan_one_direction(plan, AUDIO_OUTPUT);

  audio->data.drift =
    live_drift_new(plan->n_channels, plan->sample_rate, plan->output_rate);
  audio->data.cleaned[0] =
    (float*)calloc((size_t)plan->n_channels * LIVE_DRIFT_CHUNK, sizeof(float));
  if (!audio->data.drift || !audio->data.cleaned[0]) {
    return paInsufficientMemory;
  }
  for (uint32_t c = 1U; c < plan->n_channels; ++c) {
    audio->data.cleaned[c] = audio->data.cleaned[c - 1U] + LIVE_DRIFT_CHUNK;
  }

  const PaError error =
    open_stream(audio, &input, live_callback_input, &audio->stream);
  return error
           ? error
           : open_stream(audio, &output, live_callback_output, &audio->output);
}

/// Ask for a real-time thread where PortAudio makes the thread itself
static void
make_real_time(const PaDeviceIndex device, PaStream* const stream)
{
#ifdef GRUS_HAVE_PA_ALSA
  if (Pa_GetHostApiInfo(Pa_GetDeviceInfo(device)->hostApi)->type == paALSA) {
    PaAlsa_EnableRealtimeScheduling(stream, 1);
  }
#else
  (void)device;
  (void)stream;
#endif
}

static PaError
open_streams(LiveAudio* const audio, const bool real_time)
{
  const LivePlan* const plan = &audio->data.plan;
  const PaError         error =
    plan->two_clocks
              ? open_two_streams(audio)
              : open_stream(audio, plan, live_callback_both, &audio->stream);
  if (!error && real_time) {
    const bool has_output =
      plan->output.device != paNoDevice && !plan->two_clocks;
    make_real_time(has_output ? plan->output.device : plan->input.device,
                   audio->stream);
  }
  if (!error && real_time && audio->output) {
    make_real_time(plan->output.device, audio->output);
  }
  return error;
}

/**
   Start a stream, again if it does not come up in time.

   PortAudio gives a thread a second, which a sound server that wakes up a
   device on a busy machine may need for itself.
*/
static PaError
start_stream(PaStream* const stream, const AudioNode* const node)
{
  enum { TRIES = 5 };

  audio_point_at(node);
  PaError error = Pa_StartStream(stream);
  for (int i = 1; i < TRIES && error == paTimedOut; ++i) {
    Pa_AbortStream(stream);
    error = Pa_StartStream(stream);
  }
  return error;
}

static PaError
start_streams(const LiveAudio* const audio)
{
  const LivePlan* const plan      = &audio->data.plan;
  const bool            has_input = plan->input.device != paNoDevice;
  const PaError         error     = start_stream(
    audio->stream, has_input ? plan->input.node : plan->output.node);
  return error || !audio->output
           ? error
           : start_stream(audio->output, plan->output.node);
}

/// Close what is open, which ends what runs, and free all
static void
free_audio(LiveAudio* const audio)
{
  if (audio->stream) {
    Pa_CloseStream(audio->stream);
  }
  if (audio->output) {
    Pa_CloseStream(audio->output);
  }
  live_drift_free(audio->data.drift);
  free(audio->data.cleaned[0]);
  free(audio);
}

int
live_audio_start(const LivePlan* const plan,
                 LiveSound* const      sound,
                 const bool            real_time,
                 LiveAudio** const     result)
{
  LiveAudio* const audio = (LiveAudio*)calloc(1U, sizeof(LiveAudio));
  if (!audio) {
    return say_error(EXIT_FAILED, "no memory for the sound");
  }

  audio->data.plan  = *plan;
  audio->data.sound = sound;
  PaError error     = open_streams(audio, real_time);
  if (!error) {
    error = start_streams(audio);
  }
  if (error) {
    const char* const reason = Pa_GetLastHostErrorInfo()->errorText;
    const int         code   = say_error(EXIT_FAILED,
                               "cannot open the sound device: %s",
                               error == paUnanticipatedHostError && *reason
                                           ? reason
                                           : Pa_GetErrorText(error));
    free_audio(audio); // Only now, since closing may have a reason of its own
    return code;
  }

  *result = audio;
  return EXIT_OK;
}

/// Return a delay, or none where it is beyond all that a device may have:
/// PipeWire tells JACK's clients of days before it knows
static double
believable(const double seconds)
{
  return seconds >= 0.0 && seconds < most_latency ? seconds : 0.0;
}

/// Return the delay of one direction, seconds.  PortAudio leaves out the delay
/// of a JACK server's own ports.
static double
direction_latency(const PaDeviceIndex device,
                  const double        stream,
                  const double        ports)
{
  return audio_is_jack(device) ? fmax(believable(stream), believable(ports))
                               : believable(stream);
}

static double
input_latency(const LivePlan* const plan, PaStream* const stream)
{
  return plan->input.device == paNoDevice
           ? 0.0
           : direction_latency(
               plan->input.device,
               Pa_GetStreamInfo(stream)->inputLatency,
               Pa_GetDeviceInfo(plan->input.device)->defaultLowInputLatency);
}

static double
output_latency(const LivePlan* const plan, PaStream* const stream)
{
  return plan->output.device == paNoDevice
           ? 0.0
           : direction_latency(
               plan->output.device,
               Pa_GetStreamInfo(stream)->outputLatency,
               Pa_GetDeviceInfo(plan->output.device)->defaultLowOutputLatency);
}

double
live_audio_latency(const LiveAudio* const audio)
{
  const double seconds =
    input_latency(&audio->data.plan, audio->stream) +
    output_latency(&audio->data.plan,
                   audio->output ? audio->output : audio->stream);
  return (1e3 * seconds) + (audio->data.drift
                              ? (double)live_drift_latency(audio->data.drift)
                              : 0.0);
}

double
live_audio_drift(const LiveAudio* const audio)
{
  return audio->data.drift ? (double)live_drift_ppm(audio->data.drift) : 0.0;
}

uint32_t
live_audio_breaks(const LiveAudio* const audio)
{
  return audio->data.drift ? live_drift_breaks(audio->data.drift) : 0U;
}

bool
live_audio_is_alive(const LiveAudio* const audio)
{
  return Pa_IsStreamActive(audio->stream) == 1 &&
         (!audio->output || Pa_IsStreamActive(audio->output) == 1);
}

void
live_audio_end(LiveAudio* const audio)
{
  if (audio) {
    Pa_StopStream(audio->stream);
    if (audio->output) {
      Pa_StopStream(audio->output);
    }
    free_audio(audio);
  }
}
