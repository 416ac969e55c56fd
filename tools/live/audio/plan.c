// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/audio/plan.h"

#include "cli/say.h"
#include "devices/audio.h"
#include "grus/grus.h"
#include "live/options.h"

#include <portaudio.h>
#include <sndfile.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

const char*
live_plan_name(const AudioChoice* const choice)
{
  return choice->device == paNoDevice ? "none"
         : choice->node               ? choice->node->description
                                      : Pa_GetDeviceInfo(choice->device)->name;
}

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
  plan->input.device  = paNoDevice;
  plan->output.device = paNoDevice;

  int code = EXIT_OK;
  if (!source) {
    code = audio_find(options->input, AUDIO_INPUT, &plan->input);
  }
  if (!code && !is_none(options->output)) {
    code = audio_find(options->output, AUDIO_OUTPUT, &plan->output);
  }
  if (!code && plan->input.device == paNoDevice &&
      plan->output.device == paNoDevice) {
    code = say_error(EXIT_USAGE,
                     "a file without an output is a case for grus render");
  }
  plan->two_clocks = !code && plan->input.device != paNoDevice &&
                     plan->output.device != paNoDevice &&
                     !audio_same_clock(plan->input.device, plan->output.device);
  return code;
}

/// Return the channels that a choice has in one direction
static uint32_t
channels_of(const AudioChoice* const choice, const AudioDirection direction)
{
  return choice->node ? choice->node->n_channels
                      : (uint32_t)audio_channels(choice->device, direction);
}

/// Choose the channels that are cleaned, and those of the devices
static int
choose_channels(const LiveOptions* const options,
                const SF_INFO* const     source,
                LivePlan* const          plan)
{
  const uint32_t inputs  = source ? (uint32_t)source->channels
                                  : channels_of(&plan->input, AUDIO_INPUT);
  const uint32_t outputs = plan->output.device == paNoDevice
                             ? GRUS_MAX_CHANNELS
                             : channels_of(&plan->output, AUDIO_OUTPUT);
  const uint32_t wanted  = source                ? inputs
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

/// Seconds that a sound server is given: it hands sound over in larger pieces
/// than a sound card
static const double server_latency = 0.03;

static double
suggested_latency(const LivePlan* const plan,
                  const PaDeviceIndex   device,
                  const double          lowest,
                  const double          sample_rate)
{
  // Three blocks: one that is heard, one that waits, one that is made
  return plan->block                 ? 3.0 * plan->block / sample_rate
         : audio_is_indirect(device) ? fmax(lowest, server_latency)
                                     : lowest;
}

static PaStreamParameters
input_parameters(const LivePlan* const plan)
{
  const PaStreamParameters parameters = {
    plan->input.device,
    (int)plan->n_inputs,
    paFloat32 | paNonInterleaved,
    suggested_latency(
      plan,
      plan->input.device,
      Pa_GetDeviceInfo(plan->input.device)->defaultLowInputLatency,
      plan->sample_rate),
    NULL};
  return parameters;
}

static PaStreamParameters
output_parameters(const LivePlan* const plan)
{
  const PaStreamParameters parameters = {
    plan->output.device,
    (int)plan->n_outputs,
    paFloat32 | paNonInterleaved,
    suggested_latency(
      plan,
      plan->output.device,
      Pa_GetDeviceInfo(plan->output.device)->defaultLowOutputLatency,
      plan->output_rate),
    NULL};
  return parameters;
}

LivePlan
live_plan_one_direction(const LivePlan* const plan,
                        const AudioDirection  direction)
{
  LivePlan one = *plan;
  if (direction == AUDIO_INPUT) {
    one.output.device = paNoDevice;
  } else {
    one.input.device = paNoDevice;
  }
  return one;
}

void
live_plan_parameters(const LivePlan* const     plan,
                     LivePlanParameters* const parameters)
{
  memset(parameters, 0, sizeof(*parameters));
  if (plan->input.device != paNoDevice) {
    parameters->in    = input_parameters(plan);
    parameters->input = &parameters->in;
  }
  if (plan->output.device != paNoDevice) {
    parameters->out    = output_parameters(plan);
    parameters->output = &parameters->out;
  }
}

/// Return whether the devices of a plan can run at its rate
static bool
works(const LivePlan* const plan)
{
  LivePlanParameters parameters;
  live_plan_parameters(plan, &parameters);
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

/// Return the rate that a choice has by itself
static double
own_rate(const AudioChoice* const choice, const AudioDirection direction)
{
  const AudioNode* const node = audio_node_behind(choice, direction);
  return node ? node->sample_rate
              : Pa_GetDeviceInfo(choice->device)->defaultSampleRate;
}

/// Choose the rate of one or two devices on one clock
static int
choose_rate(const LivePlan* const plan,
            const uint32_t        asked,
            const uint32_t        otherwise,
            uint32_t* const       rate)
{
  const bool               has_input = plan->input.device != paNoDevice;
  const AudioChoice* const choice    = has_input ? &plan->input : &plan->output;
  const char* const        name      = live_plan_name(choice);
  const double   own = own_rate(choice, has_input ? AUDIO_INPUT : AUDIO_OUTPUT);
  const uint32_t wanted = asked ? asked : otherwise ? otherwise : (uint32_t)own;

  *rate = nearest_rate(*plan, wanted, own);
  if (!*rate) {
    return say_error(EXIT_FAILED,
                     "\"%s\" works at no sample rate: is it in use by another "
                     "program, or too few channels?",
                     name);
  }
  if (asked && *rate != asked) {
    say_error(EXIT_OK,
              "\"%s\" has no %u Hz: %u Hz is the nearest that works",
              name,
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
  const LivePlan input     = live_plan_one_direction(plan, AUDIO_INPUT);
  const LivePlan output    = live_plan_one_direction(plan, AUDIO_OUTPUT);

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
live_plan(const LiveOptions* const options,
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
