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

static bool       started;
static AudioNodes nodes;

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
  if (started && audio_carrier() != paNoDevice) {
    audio_nodes_load(&nodes);
  }
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
    audio_nodes_clear(&nodes);
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

const AudioNodes*
audio_nodes(void)
{
  return &nodes;
}

PaDeviceIndex
audio_carrier(void)
{
  // The plugins of PulseAudio and PipeWire for ALSA, and what may be either
  static const char* const names[] = {"pulse", "pipewire", "default"};
  for (size_t n = 0U; n < sizeof(names) / sizeof(names[0]); ++n) {
    for (PaDeviceIndex i = 0; i < Pa_GetDeviceCount(); ++i) {
      if (audio_is_indirect(i) &&
          !strcmp(Pa_GetDeviceInfo(i)->name, names[n])) {
        return i;
      }
    }
  }

  return paNoDevice;
}

static bool
is_server(const PaDeviceIndex device)
{
  const char* const name = Pa_GetDeviceInfo(device)->name;
  return audio_is_indirect(device) &&
         (!strcmp(name, "pulse") || !strcmp(name, "pipewire") ||
          !strcmp(name, "default"));
}

const AudioNode*
audio_node_behind(const AudioChoice* const choice,
                  const AudioDirection     direction)
{
  if (choice->node || choice->device == paNoDevice ||
      !is_server(choice->device)) {
    return choice->node;
  }
  for (size_t i = 0U; i < nodes.n; ++i) {
    const AudioNode* const node = &nodes.nodes[i];
    if (node->is_default && node->is_input == (direction == AUDIO_INPUT)) {
      return node;
    }
  }

  return NULL;
}

void
audio_point_at(const AudioNode* const node)
{
  if (node) {
    setenv(node->is_input ? "PULSE_SOURCE" : "PULSE_SINK", node->name, 1);
    setenv("PIPEWIRE_NODE", node->name, 1);
  }
}

bool
audio_is_indirect(const PaDeviceIndex device)
{
  return api_of(device)->type == paALSA &&
         !strstr(Pa_GetDeviceInfo(device)->name, "(hw:");
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
  return !audio_is_indirect(device);
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
            AudioChoice* const   choice)
{
  const long n_devices = Pa_GetDeviceCount();
  if (number < 0 || number >= n_devices + (long)nodes.n) {
    return say_error(
      EXIT_FAILED, "there is no device %ld (try grus devices)", number);
  }

  choice->node =
    number < n_devices ? NULL : &nodes.nodes[(size_t)(number - n_devices)];
  choice->device  = choice->node ? audio_carrier() : (PaDeviceIndex)number;
  const bool fits = choice->node
                      ? choice->node->is_input == (direction == AUDIO_INPUT)
                      : audio_channels(choice->device, direction) > 0;
  return fits ? EXIT_OK
              : say_error(EXIT_FAILED,
                          "device %ld, \"%s\", has no %s (try grus devices)",
                          number,
                          choice->node ? choice->node->description
                                       : Pa_GetDeviceInfo(choice->device)->name,
                          direction_names[direction]);
}

/// Match a node as match() does a device
static Match
match_node(const char* const      text,
           const AudioDirection   direction,
           const AudioNode* const node)
{
  const char* const own = strncasecmp(text, "pulse:", 6U) ? text : text + 6;
  if (node->is_input != (direction == AUDIO_INPUT)) {
    return MATCH_NONE;
  }
  if (!strcasecmp(node->name, own) || !strcasecmp(node->description, own)) {
    return MATCH_WHOLE;
  }
  return strcasestr(node->name, own) || strcasestr(node->description, own)
           ? MATCH_PART
           : MATCH_NONE;
}

/// Find a node where no device has such a name
static int
find_node(const char* const    text,
          const AudioDirection direction,
          AudioChoice* const   choice)
{
  const AudioNode* another = NULL;
  for (size_t i = 0U; i < nodes.n; ++i) {
    const AudioNode* const node  = &nodes.nodes[i];
    const Match            found = match_node(text, direction, node);
    if (found == MATCH_WHOLE) {
      choice->node = node;
      another      = NULL;
      break;
    }
    if (found == MATCH_PART) {
      another      = choice->node ? node : another;
      choice->node = choice->node ? choice->node : node;
    }
  }

  if (!choice->node) {
    return say_error(EXIT_FAILED,
                     "no %s is called \"%s\" (try grus devices)",
                     direction_names[direction],
                     text);
  }
  if (another) {
    return say_error(EXIT_FAILED,
                     "\"%s\" may be \"%s\" or \"%s\": say which",
                     text,
                     choice->node->description,
                     another->description);
  }

  choice->device = audio_carrier();
  return EXIT_OK;
}

static int
find_name(const char* const    text,
          const AudioDirection direction,
          AudioChoice* const   choice)
{
  PaDeviceIndex part    = paNoDevice;
  PaDeviceIndex another = paNoDevice;
  for (PaDeviceIndex i = 0; i < Pa_GetDeviceCount(); ++i) {
    const Match found = match(text, direction, i);
    if (found == MATCH_WHOLE) {
      choice->device = i;
      return EXIT_OK;
    }
    if (found == MATCH_PART) {
      another = part == paNoDevice ? another : i;
      part    = part == paNoDevice ? i : part;
    }
  }

  if (part == paNoDevice) {
    return find_node(text, direction, choice);
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

  choice->device = part;
  return EXIT_OK;
}

int
audio_find(const char* const    text,
           const AudioDirection direction,
           AudioChoice* const   choice)
{
  choice->node   = NULL;
  choice->device = paNoDevice;
  if (Pa_GetDeviceCount() < 1) {
    return audio_say_none();
  }
  if (!text) {
    choice->device = audio_default(direction);
    return choice->device != paNoDevice
             ? EXIT_OK
             : say_error(EXIT_FAILED,
                         "there is no sound %s: plug one in (see grus devices)",
                         direction_names[direction]);
  }

  char*      end    = NULL;
  const long number = strtol(text, &end, 10);
  return end != text && !*end ? find_number(number, direction, choice)
                              : find_name(text, direction, choice);
}
