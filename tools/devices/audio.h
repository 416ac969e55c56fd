// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file audio.h

   PortAudio: the devices of the machine and how to find one.  All functions
   belong to one thread.
*/

#ifndef GRUS_TOOLS_DEVICES_AUDIO_H
#define GRUS_TOOLS_DEVICES_AUDIO_H

#include <portaudio.h>

#include <stdbool.h>

/// The two directions of a device
typedef enum { AUDIO_INPUT, AUDIO_OUTPUT } AudioDirection;

/**
   Start PortAudio.

   Audio libraries tell the standard error about every device that they do not
   find; that is thrown away unless `verbose`.  say_error() is still heard.

   @return EXIT_OK, or EXIT_FAILED after telling why.
*/
int
audio_start(bool verbose);

/// End PortAudio, if it was started
void
audio_end(void);

/// Tell in one line that there are no devices and what helps; EXIT_FAILED
int
audio_say_none(void);

/// Return the channels of a device in one direction
int
audio_channels(PaDeviceIndex device, AudioDirection direction);

/// Return the name of a device's host API
const char*
audio_api_name(PaDeviceIndex device);

/// Return whether a device belongs to a JACK server
bool
audio_is_jack(PaDeviceIndex device);

/// Return whether two devices belong to one clock: one device, or one server
bool
audio_same_clock(PaDeviceIndex a, PaDeviceIndex b);

/**
   Return the device to use where none is named, paNoDevice if there is none.

   A running JACK server comes first, because it holds the sound card.
*/
PaDeviceIndex
audio_default(AudioDirection direction);

/**
   Find a device by its number, its name or a part of that, in any case.

   @param text Null for the default.  "jack:" and the like before a name
   choose a host API.
   @return EXIT_OK, or EXIT_FAILED after telling what there is.
*/
int
audio_find(const char* text, AudioDirection direction, PaDeviceIndex* device);

#endif // GRUS_TOOLS_DEVICES_AUDIO_H
