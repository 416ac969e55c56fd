// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#define _GNU_SOURCE // strcasestr

#include "devices/audio.h"

#include "cli/say.h"

#include <portaudio.h>
#ifdef GRUS_HAVE_PA_JACK
#  include <pa_jack.h>
#endif

#include <unistd.h>

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char* const direction_names[] = {"input", "output"};

static bool started;

/// End in words where PortAudio ends the program: it takes for granted that
/// ALSA has a configuration
static void
end_after_abort(const int signal_number)
{
  (void)signal_number;
  // abort() was called, outside of what is not safe to call again
  _exit(say_error( // NOLINT(bugprone-signal-handler)
    EXIT_FAILED,
    "PortAudio gave up looking for devices: is there no ALSA "
    "configuration (/usr/share/alsa/alsa.conf, package "
    "libasound2-data)? --verbose shows its own words"));
}

int
audio_start(const bool verbose)
{
  if (!verbose) {
    say_apart();
  }
#ifdef GRUS_HAVE_PA_JACK
  PaJack_SetClientName("grus");
#endif

  void (*const usual)(int) = signal(SIGABRT, end_after_abort);
  const PaError error      = Pa_Initialize();
  signal(SIGABRT, usual);
  started = error == paNoError;
  return started ? EXIT_OK
                 : say_error(EXIT_FAILED,
                             "cannot start PortAudio: %s",
                             Pa_GetErrorText(error));
}

void
audio_end(void)
{
  if (started) {
    Pa_Terminate();
    started = false;
  }
}

int
audio_say_none(void)
{
  return say_error(
    EXIT_FAILED,
    "there is no sound device: plug one in, or start a sound "
    "server (systemctl --user start pipewire, or jackd -d alsa)");
}

int
audio_channels(const PaDeviceIndex device, const AudioDirection direction)
{
  const PaDeviceInfo* const info = Pa_GetDeviceInfo(device);
  if (!info) {
    return 0;
  }
  return direction == AUDIO_INPUT ? info->maxInputChannels
                                  : info->maxOutputChannels;
}

static const PaHostApiInfo*
api_of(const PaDeviceIndex device)
{
  return Pa_GetHostApiInfo(Pa_GetDeviceInfo(device)->hostApi);
}

const char*
audio_api_name(const PaDeviceIndex device)
{
  return api_of(device)->name;
}

bool
audio_is_jack(const PaDeviceIndex device)
{
  return api_of(device)->type == paJACK;
}

/**
   Return whether both directions of a device move together.

   A name of ALSA's that is not hardware, like "default" or "pulse", may be
   anything behind: PulseAudio's starts one direction long before the other,
   and a stream of both stops at once.
*/
static bool
is_one_clock(const PaDeviceIndex device)
{
  return api_of(device)->type != paALSA ||
         strstr(Pa_GetDeviceInfo(device)->name, "(hw:");
}

bool
audio_same_clock(const PaDeviceIndex a, const PaDeviceIndex b)
{
  return (a == b && is_one_clock(a)) || (audio_is_jack(a) && audio_is_jack(b));
}

PaDeviceIndex
audio_default(const AudioDirection direction)
{
  const PaHostApiIndex jack = Pa_HostApiTypeIdToHostApiIndex(paJACK);
  if (jack >= 0) {
    const PaHostApiInfo* const info   = Pa_GetHostApiInfo(jack);
    const PaDeviceIndex        device = direction == AUDIO_INPUT
                                          ? info->defaultInputDevice
                                          : info->defaultOutputDevice;
    if (device != paNoDevice) {
      return device;
    }
  }

  return direction == AUDIO_INPUT ? Pa_GetDefaultInputDevice()
                                  : Pa_GetDefaultOutputDevice();
}

/// Return what follows "API:" in `text` if `device` is of that host API
static const char*
name_within_api(const char* const text, const PaDeviceIndex device)
{
  const char* const api   = audio_api_name(device);
  const char* const colon = strchr(text, ':');
  const size_t      size  = colon ? (size_t)(colon - text) : 0U;
  return size && !strncasecmp(api, text, size) ? colon + 1 : text;
}

/// How well a text names a device
typedef enum { MATCH_NONE, MATCH_PART, MATCH_WHOLE } Match;

static Match
match(const char* const    text,
      const AudioDirection direction,
      const PaDeviceIndex  device)
{
  const char* const name = Pa_GetDeviceInfo(device)->name;
  const char* const own  = name_within_api(text, device);
  if (audio_channels(device, direction) < 1) {
    return MATCH_NONE;
  }
  if (!strcasecmp(name, text) || !strcasecmp(name, own)) {
    return MATCH_WHOLE;
  }
  return strcasestr(name, own) ? MATCH_PART : MATCH_NONE;
}

static int
find_number(const long           number,
            const AudioDirection direction,
            PaDeviceIndex* const device)
{
  *device = (PaDeviceIndex)number;
  if (number < 0 || number >= Pa_GetDeviceCount()) {
    return say_error(
      EXIT_FAILED, "there is no device %ld (try grus devices)", number);
  }
  return audio_channels(*device, direction) > 0
           ? EXIT_OK
           : say_error(EXIT_FAILED,
                       "device %ld, \"%s\", has no %s (try grus devices)",
                       number,
                       Pa_GetDeviceInfo(*device)->name,
                       direction_names[direction]);
}

static int
find_name(const char* const    text,
          const AudioDirection direction,
          PaDeviceIndex* const device)
{
  PaDeviceIndex part    = paNoDevice;
  PaDeviceIndex another = paNoDevice;
  for (PaDeviceIndex i = 0; i < Pa_GetDeviceCount(); ++i) {
    const Match found = match(text, direction, i);
    if (found == MATCH_WHOLE) {
      *device = i;
      return EXIT_OK;
    }
    if (found == MATCH_PART) {
      another = part == paNoDevice ? another : i;
      part    = part == paNoDevice ? i : part;
    }
  }

  if (part == paNoDevice) {
    return say_error(EXIT_FAILED,
                     "no %s is called \"%s\" (try grus devices)",
                     direction_names[direction],
                     text);
  }
  if (another != paNoDevice) {
    return say_error(EXIT_FAILED,
                     "\"%s\" may be %d, \"%s\", or %d, \"%s\": say which",
                     text,
                     part,
                     Pa_GetDeviceInfo(part)->name,
                     another,
                     Pa_GetDeviceInfo(another)->name);
  }

  *device = part;
  return EXIT_OK;
}

int
audio_find(const char* const    text,
           const AudioDirection direction,
           PaDeviceIndex* const device)
{
  if (Pa_GetDeviceCount() < 1) {
    return audio_say_none();
  }
  if (!text) {
    *device = audio_default(direction);
    return *device != paNoDevice
             ? EXIT_OK
             : say_error(EXIT_FAILED,
                         "there is no sound %s: plug one in (see grus devices)",
                         direction_names[direction]);
  }

  char*      end    = NULL;
  const long number = strtol(text, &end, 10);
  return end != text && !*end ? find_number(number, direction, device)
                              : find_name(text, direction, device);
}
