// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/audio/streams.h"

#include "cli/say.h"
#include "devices/audio.h"
#include "grus/grus.h"
#include "live/audio/drift.h"
#include "live/audio/sound.h"
#include "live/options.h"

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

enum { DRIFT_CHUNK = 512 }; ///< Frames cleaned at once between two clocks

struct LiveAudioImpl {
  LivePlan   plan;
  LiveSound* sound;
  PaStream*  stream; ///< Of both directions, or of the input
  PaStream*  output; ///< Of the output where it has its own clock, or null
  LiveDrift* drift;  ///< Between them, or null
  float*     cleaned[GRUS_MAX_CHANNELS]; ///< (drift chunk) On their way there
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
  plan->two_clocks = !code && plan->input != paNoDevice &&
                     plan->output != paNoDevice &&
                     !audio_same_clock(plan->input, plan->output);
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

/// Return a plan of one direction only
static LivePlan
one_direction(const LivePlan* const plan, const AudioDirection direction)
{
  LivePlan one = *plan;
  if (direction == AUDIO_INPUT) {
    one.output = paNoDevice;
  } else {
    one.input = paNoDevice;
  }
  return one;
}

/// What PortAudio is given about the devices of a plan, null where there is
/// none
typedef struct {
  PaStreamParameters        in;
  PaStreamParameters        out;
  const PaStreamParameters* input;
  const PaStreamParameters* output;
} Parameters;

static void
get_parameters(const LivePlan* const plan, Parameters* const parameters)
{
  memset(parameters, 0, sizeof(*parameters));
  if (plan->input != paNoDevice) {
    parameters->in    = input_parameters(plan);
    parameters->input = &parameters->in;
  }
  if (plan->output != paNoDevice) {
    parameters->out    = output_parameters(plan);
    parameters->output = &parameters->out;
  }
}

/// Return whether the devices of a plan can run at its rate
static bool
works(const LivePlan* const plan)
{
  Parameters parameters;
  get_parameters(plan, &parameters);
  return Pa_IsFormatSupported(parameters.input,
                              parameters.output,
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
  const LivePlan input     = one_direction(plan, AUDIO_INPUT);
  const LivePlan output    = one_direction(plan, AUDIO_OUTPUT);

  int code = choose_rate(plan->two_clocks ? &input : plan,
                         options->sample_rate,
                         otherwise,
                         &plan->sample_rate);
  if (!code && plan->two_clocks) {
    code = choose_rate(&output, 0U, plan->sample_rate, &plan->output_rate);
  } else {
    plan->output_rate = plan->sample_rate;
  }
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

/// Put copies of the channels that are cleaned on the rest
static GRUS_REALTIME void
fill_outputs(const LivePlan* const plan,
             float* const* const   out,
             const uint32_t        n)
{
  for (uint32_t c = plan->n_channels; c < plan->n_outputs; ++c) {
    memcpy(out[c], out[c % plan->n_channels], n * sizeof(float));
  }
}

static GRUS_REALTIME void
spread_inputs(const LivePlan* const     plan,
              const float* const* const in,
              const float**             inputs)
{
  for (uint32_t c = 0U; c < plan->n_channels; ++c) {
    inputs[c] = in[c % plan->n_inputs];
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
  LiveAudio* const    audio = (LiveAudio*)data;
  float* const* const out   = (float* const*)output;
  const uint32_t      n     = (uint32_t)n_frames;
  const float*        inputs[GRUS_MAX_CHANNELS];
  (void)time;

  count_xruns(audio->sound, flags);
  if (input) {
    spread_inputs(&audio->plan, (const float* const*)input, inputs);
  }
  live_sound_play(audio->sound, input ? inputs : NULL, out, n);
  if (out) {
    fill_outputs(&audio->plan, out, n);
  }
  return paContinue;
}

/// What PortAudio calls for an input with its own clock
static int
on_input(const void* const                     input,
         void* const                           output,
         const unsigned long                   n_frames,
         const PaStreamCallbackTimeInfo* const time,
         const PaStreamCallbackFlags           flags,
         void* const                           data)
{
  LiveAudio* const audio = (LiveAudio*)data;
  const float*     inputs[GRUS_MAX_CHANNELS];
  const float*     cleaned[GRUS_MAX_CHANNELS];
  (void)output;
  (void)time;

  count_xruns(audio->sound, flags);
  spread_inputs(&audio->plan, (const float* const*)input, inputs);
  memcpy(cleaned, audio->cleaned, sizeof(cleaned));
  for (uint32_t done = 0U; done < n_frames;) {
    const uint32_t left = (uint32_t)n_frames - done;
    const uint32_t n    = left < DRIFT_CHUNK ? left : DRIFT_CHUNK;
    live_sound_play(audio->sound, inputs, audio->cleaned, n);
    live_drift_push(audio->drift, cleaned, n);
    for (uint32_t c = 0U; c < audio->plan.n_channels; ++c) {
      inputs[c] += n;
    }
    done += n;
  }
  return paContinue;
}

/// What PortAudio calls for an output with its own clock
static int
on_output(const void* const                     input,
          void* const                           output,
          const unsigned long                   n_frames,
          const PaStreamCallbackTimeInfo* const time,
          const PaStreamCallbackFlags           flags,
          void* const                           data)
{
  LiveAudio* const    audio = (LiveAudio*)data;
  float* const* const out   = (float* const*)output;
  (void)input;
  (void)time;

  count_xruns(audio->sound, flags);
  live_drift_pull(audio->drift, out, (uint32_t)n_frames);
  fill_outputs(&audio->plan, out, (uint32_t)n_frames);
  return paContinue;
}

static PaError
open_stream(LiveAudio* const        audio,
            const LivePlan* const   plan,
            PaStreamCallback* const callback,
            PaStream** const        stream)
{
  const double rate =
    plan->input != paNoDevice ? plan->sample_rate : plan->output_rate;

  Parameters parameters;
  get_parameters(plan, &parameters);
  return Pa_OpenStream(stream,
                       parameters.input,
                       parameters.output,
                       rate,
                       plan->block ? plan->block : paFramesPerBufferUnspecified,
                       paClipOff | paDitherOff,
                       callback,
                       audio);
}

/// Open an input and an output that have their own clocks
static PaError
open_two_streams(LiveAudio* const audio)
{
  const LivePlan* const plan   = &audio->plan;
  const LivePlan        input  = one_direction(plan, AUDIO_INPUT);
  const LivePlan        output = one_direction(plan, AUDIO_OUTPUT);

  audio->drift =
    live_drift_new(plan->n_channels, plan->sample_rate, plan->output_rate);
  audio->cleaned[0] =
    (float*)calloc((size_t)plan->n_channels * DRIFT_CHUNK, sizeof(float));
  if (!audio->drift || !audio->cleaned[0]) {
    return paInsufficientMemory;
  }
  for (uint32_t c = 1U; c < plan->n_channels; ++c) {
    audio->cleaned[c] = audio->cleaned[c - 1U] + DRIFT_CHUNK;
  }

  const PaError error = open_stream(audio, &input, on_input, &audio->stream);
  return error ? error : open_stream(audio, &output, on_output, &audio->output);
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
  const LivePlan* const plan  = &audio->plan;
  const PaError         error = plan->two_clocks
                                  ? open_two_streams(audio)
                                  : open_stream(audio, plan, on_block, &audio->stream);
  if (!error && real_time) {
    const bool has_output = plan->output != paNoDevice && !plan->two_clocks;
    make_real_time(has_output ? plan->output : plan->input, audio->stream);
  }
  if (!error && real_time && audio->output) {
    make_real_time(plan->output, audio->output);
  }
  return error;
}

static PaError
start_streams(const LiveAudio* const audio)
{
  const PaError error = Pa_StartStream(audio->stream);
  return error || !audio->output ? error : Pa_StartStream(audio->output);
}

static void
free_audio(LiveAudio* const audio)
{
  live_drift_free(audio->drift);
  free(audio->cleaned[0]);
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

  audio->plan   = *plan;
  audio->sound  = sound;
  PaError error = open_streams(audio, real_time);
  if (!error) {
    error = start_streams(audio);
  }
  if (error) {
    // What was opened is left to Pa_Terminate()
    const char* const reason = Pa_GetLastHostErrorInfo()->errorText;
    return say_error(EXIT_FAILED,
                     "cannot open the sound device: %s",
                     error == paUnanticipatedHostError && *reason
                       ? reason
                       : Pa_GetErrorText(error));
  }

  *result = audio;
  return EXIT_OK;
}

/// Return the delay of one direction, seconds.  PortAudio leaves out the delay
/// of a JACK server's own ports.
static double
direction_latency(const PaDeviceIndex device,
                  const double        stream,
                  const double        ports)
{
  return audio_is_jack(device) ? fmax(stream, ports) : stream;
}

static double
input_latency(const LivePlan* const plan, PaStream* const stream)
{
  return plan->input == paNoDevice
           ? 0.0
           : direction_latency(
               plan->input,
               Pa_GetStreamInfo(stream)->inputLatency,
               Pa_GetDeviceInfo(plan->input)->defaultLowInputLatency);
}

static double
output_latency(const LivePlan* const plan, PaStream* const stream)
{
  return plan->output == paNoDevice
           ? 0.0
           : direction_latency(
               plan->output,
               Pa_GetStreamInfo(stream)->outputLatency,
               Pa_GetDeviceInfo(plan->output)->defaultLowOutputLatency);
}

double
live_audio_latency(const LiveAudio* const audio)
{
  const double seconds =
    input_latency(&audio->plan, audio->stream) +
    output_latency(&audio->plan, audio->output ? audio->output : audio->stream);
  return (1e3 * seconds) +
         (audio->drift ? (double)live_drift_latency(audio->drift) : 0.0);
}

double
live_audio_drift(const LiveAudio* const audio)
{
  return audio->drift ? (double)live_drift_ppm(audio->drift) : 0.0;
}

uint32_t
live_audio_breaks(const LiveAudio* const audio)
{
  return audio->drift ? live_drift_breaks(audio->drift) : 0U;
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
    Pa_CloseStream(audio->stream);
    if (audio->output) {
      Pa_StopStream(audio->output);
      Pa_CloseStream(audio->output);
    }
    free_audio(audio);
  }
}
