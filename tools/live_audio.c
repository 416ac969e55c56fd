// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live_audio.h"

#include "audio.h"
#include "grus.h"
#include "live_options.h"
#include "live_sound.h"
#include "say.h"

#include <portaudio.h>
#include <sndfile.h>
#ifdef GRUS_HAVE_PA_ALSA
#  include <pa_linux_alsa.h>
#endif

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct LiveAudioImpl {
  LivePlan   plan;
  LiveSound* sound;
  PaStream*  stream;
};

static uint32_t
smaller(const uint32_t a, const uint32_t b)
{
  return a < b ? a : b;
}

static bool
is_none(const char* const name)
{
  return name && !strcmp(name, "none");
}

static int
choose_devices(const LiveOptions* const options,
               const SF_INFO* const     source,
               LivePlan* const          plan)
{
  plan->input  = paNoDevice;
  plan->output = paNoDevice;

  int code = EXIT_OK;
  if (!source) {
    code = audio_find(options->input, AUDIO_INPUT, &plan->input);
  }
  if (!code && !is_none(options->output)) {
    code = audio_find(options->output, AUDIO_OUTPUT, &plan->output);
  }
  if (!code && plan->input == paNoDevice && plan->output == paNoDevice) {
    code = say_error(EXIT_USAGE,
                     "a file without an output is a case for grus render");
  }
  return code;
}

/// Choose the channels that are cleaned, and those of the devices
static int
choose_channels(const LiveOptions* const options,
                const SF_INFO* const     source,
                LivePlan* const          plan)
{
  const uint32_t inputs =
    source ? (uint32_t)source->channels
           : (uint32_t)audio_channels(plan->input, AUDIO_INPUT);
  const uint32_t outputs =
    plan->output == paNoDevice
      ? GRUS_MAX_CHANNELS
      : (uint32_t)audio_channels(plan->output, AUDIO_OUTPUT);
  const uint32_t wanted = source                ? inputs
                          : options->n_channels ? options->n_channels
                                                : 2U;

  plan->n_channels =
    options->n_channels ? wanted : smaller(wanted, smaller(inputs, outputs));
  plan->n_inputs = smaller(inputs, plan->n_channels);
  plan->n_outputs =
    smaller(outputs, plan->n_channels < 2U ? 2U : plan->n_channels);
  if (source && options->n_channels && options->n_channels != inputs) {
    return say_error(EXIT_FAILED,
                     "\"%s\" has %u channels, not %u",
                     options->file,
                     inputs,
                     options->n_channels);
  }
  return plan->n_channels <= outputs && (!source || inputs <= plan->n_channels)
           ? EXIT_OK
           : say_error(EXIT_FAILED,
                       "the output has only %u channels, not %u",
                       outputs,
                       source ? inputs : plan->n_channels);
}

static double
suggested_latency(const LivePlan* const plan,
                  const double          lowest,
                  const double          sample_rate)
{
  // Three blocks: one that is heard, one that waits, one that is made
  return plan->block ? 3.0 * plan->block / sample_rate : lowest;
}

static PaStreamParameters
input_parameters(const LivePlan* const plan)
{
  const PaStreamParameters parameters = {
    plan->input,
    (int)plan->n_inputs,
    paFloat32 | paNonInterleaved,
    suggested_latency(plan,
                      Pa_GetDeviceInfo(plan->input)->defaultLowInputLatency,
                      plan->sample_rate),
    NULL};
  return parameters;
}

static PaStreamParameters
output_parameters(const LivePlan* const plan)
{
  const PaStreamParameters parameters = {
    plan->output,
    (int)plan->n_outputs,
    paFloat32 | paNonInterleaved,
    suggested_latency(plan,
                      Pa_GetDeviceInfo(plan->output)->defaultLowOutputLatency,
                      plan->output_rate),
    NULL};
  return parameters;
}

/// Return whether the devices of a plan can run at its rates
static bool
works(const LivePlan* const plan)
{
  const bool has_input  = plan->input != paNoDevice;
  const bool has_output = plan->output != paNoDevice;

  PaStreamParameters in  = {0};
  PaStreamParameters out = {0};
  if (has_input) {
    in = input_parameters(plan);
  }
  if (has_output) {
    out = output_parameters(plan);
  }
  return Pa_IsFormatSupported(has_input ? &in : NULL,
                              has_output ? &out : NULL,
                              plan->sample_rate) == paFormatIsSupported;
}

static double
distance(const double a, const double b)
{
  return fabs(log(a / b));
}

/// Return the nearest rate to `wanted` that works, 0 if there is none
static uint32_t
nearest_rate(LivePlan plan, const uint32_t wanted, const double own)
{
  const double candidates[] = {wanted,
                               own,
                               8000.0,
                               11025.0,
                               16000.0,
                               22050.0,
                               32000.0,
                               44100.0,
                               48000.0,
                               88200.0,
                               96000.0,
                               176400.0,
                               192000.0};

  uint32_t best = 0U;
  for (size_t i = 0U; i < sizeof(candidates) / sizeof(candidates[0]); ++i) {
    plan.sample_rate = (uint32_t)candidates[i];
    plan.output_rate = plan.sample_rate;
    if ((!best || distance(candidates[i], wanted) < distance(best, wanted)) &&
        works(&plan)) {
      best = plan.sample_rate;
    }
  }

  return best;
}

/// Choose the rate of one or two devices on one clock
static int
choose_rate(const LivePlan* const plan,
            const uint32_t        asked,
            const uint32_t        otherwise,
            uint32_t* const       rate)
{
  const PaDeviceIndex device =
    plan->input != paNoDevice ? plan->input : plan->output;
  const PaDeviceInfo* const info = Pa_GetDeviceInfo(device);
  const double              own  = info->defaultSampleRate;
  const uint32_t wanted = asked ? asked : otherwise ? otherwise : (uint32_t)own;

  *rate = nearest_rate(*plan, wanted, own);
  if (!*rate) {
    return say_error(EXIT_FAILED,
                     "\"%s\" works at no sample rate: is it in use by another "
                     "program, or too few channels?",
                     info->name);
  }
  if (asked && *rate != asked) {
    say_error(EXIT_OK,
              "\"%s\" has no %u Hz: %u Hz is the nearest that works",
              info->name,
              asked,
              *rate);
  }
  return EXIT_OK;
}

static int
choose_rates(const LiveOptions* const options,
             const SF_INFO* const     source,
             LivePlan* const          plan)
{
  const uint32_t otherwise = source ? (uint32_t)source->samplerate : 0U;
  const int      code =
    choose_rate(plan, options->sample_rate, otherwise, &plan->sample_rate);
  plan->output_rate = plan->sample_rate;
  return code;
}

int
live_audio_plan(const LiveOptions* const options,
                const SF_INFO* const     source,
                LivePlan* const          plan)
{
  memset(plan, 0, sizeof(*plan));
  plan->block = options->block;

  int code = choose_devices(options, source, plan);
  if (!code) {
    code = choose_channels(options, source, plan);
  }
  if (!code) {
    code = choose_rates(options, source, plan);
  }
  return code;
}

static GRUS_REALTIME void
count_xruns(LiveSound* const sound, const PaStreamCallbackFlags flags)
{
  const PaStreamCallbackFlags lost =
    paInputUnderflow | paInputOverflow | paOutputUnderflow | paOutputOverflow;
  if (flags & lost) {
    live_sound_count_xrun(sound);
  }
}

/// Play on the channels that are cleaned, and copies of them on the rest
static GRUS_REALTIME void
play(LiveAudio* const          audio,
     const float* const* const in,
     float* const* const       out,
     const uint32_t            n)
{
  const LivePlan* const plan = &audio->plan;
  const float*          inputs[GRUS_MAX_CHANNELS];
  for (uint32_t c = 0U; in && c < plan->n_channels; ++c) {
    inputs[c] = in[c % plan->n_inputs];
  }

  live_sound_play(audio->sound, in ? inputs : NULL, out, n);
  for (uint32_t c = plan->n_channels; out && c < plan->n_outputs; ++c) {
    memcpy(out[c], out[c % plan->n_channels], n * sizeof(float));
  }
}

/// What PortAudio calls where both directions run on one clock
static int
on_block(const void* const                     input,
         void* const                           output,
         const unsigned long                   n_frames,
         const PaStreamCallbackTimeInfo* const time,
         const PaStreamCallbackFlags           flags,
         void* const                           data)
{
  LiveAudio* const audio = (LiveAudio*)data;
  (void)time;

  count_xruns(audio->sound, flags);
  play(audio,
       (const float* const*)input,
       (float* const*)output,
       (uint32_t)n_frames);
  return paContinue;
}

static int
open_stream(LiveAudio* const audio)
{
  const LivePlan* const plan       = &audio->plan;
  const bool            has_input  = plan->input != paNoDevice;
  const bool            has_output = plan->output != paNoDevice;

  PaStreamParameters in  = {0};
  PaStreamParameters out = {0};
  if (has_input) {
    in = input_parameters(plan);
  }
  if (has_output) {
    out = output_parameters(plan);
  }
  return Pa_OpenStream(&audio->stream,
                       has_input ? &in : NULL,
                       has_output ? &out : NULL,
                       plan->sample_rate,
                       plan->block ? plan->block : paFramesPerBufferUnspecified,
                       paClipOff | paDitherOff,
                       on_block,
                       audio);
}

/// Ask for a real-time thread where PortAudio makes the thread itself
static void
make_real_time(const LiveAudio* const audio)
{
#ifdef GRUS_HAVE_PA_ALSA
  const PaDeviceIndex device =
    audio->plan.output != paNoDevice ? audio->plan.output : audio->plan.input;
  if (Pa_GetHostApiInfo(Pa_GetDeviceInfo(device)->hostApi)->type == paALSA) {
    PaAlsa_EnableRealtimeScheduling(audio->stream, 1);
  }
#else
  (void)audio;
#endif
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

  audio->plan   = *plan;
  audio->sound  = sound;
  PaError error = open_stream(audio);
  if (!error && real_time) {
    make_real_time(audio);
  }
  if (!error) {
    error = Pa_StartStream(audio->stream);
  }
  if (error) {
    free(audio);
    return say_error(EXIT_FAILED,
                     "cannot open the sound device: %s",
                     error == paUnanticipatedHostError
                       ? Pa_GetLastHostErrorInfo()->errorText
                       : Pa_GetErrorText(error));
  }

  *result = audio;
  return EXIT_OK;
}

double
live_audio_latency(const LiveAudio* const audio)
{
  const PaStreamInfo* const info = Pa_GetStreamInfo(audio->stream);
  return info ? 1e3 * (info->inputLatency + info->outputLatency) : 0.0;
}

bool
live_audio_is_alive(const LiveAudio* const audio)
{
  return Pa_IsStreamActive(audio->stream) == 1;
}

void
live_audio_end(LiveAudio* const audio)
{
  if (audio) {
    Pa_StopStream(audio->stream);
    Pa_CloseStream(audio->stream);
    free(audio);
  }
}
