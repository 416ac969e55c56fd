// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file audio.h

   PortAudio: the devices of the machine, the nodes of a sound server behind
   one of them, and how to find one.  All functions belong to one thread.
*/

#ifndef GRUS_TOOLS_DEVICES_AUDIO_H
#define GRUS_TOOLS_DEVICES_AUDIO_H

#include "devices/nodes.h"

#include <portaudio.h>

#include <stdbool.h>

/// The two directions of a device
typedef enum { AUDIO_INPUT, AUDIO_OUTPUT } AudioDirection;

/// What is chosen for one direction
typedef struct {
  PaDeviceIndex    device; ///< paNoDevice for none
  const AudioNode* node; ///< Behind the device; null for what it has by itself
} AudioChoice;

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

/// Return what the sound server has, if there is one; numbers of its nodes
/// follow those of the devices
const AudioNodes*
audio_nodes(void);

/// Return the device that leads to the sound server's nodes, or paNoDevice
PaDeviceIndex
audio_carrier(void);

/// Return the node of a choice, or the server's default where it is known to be
/// behind the device; null for none
const AudioNode*
audio_node_behind(const AudioChoice* choice, AudioDirection direction);

/// Have the stream that is opened and started next lead to a node; null changes
/// nothing
void
audio_point_at(const AudioNode* node);

/// Return whether a device is no hardware, but leads to it through ALSA's
/// plugins: what is behind sets the pace
bool
audio_is_indirect(PaDeviceIndex device);

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
   Find a device or a node by its number, its name or a part of that, in any
   case; a node by its description too.

   @param text Null for the default.  "jack:" and the like before a name
   choose a host API, "pulse:" a node of the sound server.
   @return EXIT_OK, or EXIT_FAILED after telling what there is.
*/
int
audio_find(const char* text, AudioDirection direction, AudioChoice* choice);

#endif // GRUS_TOOLS_DEVICES_AUDIO_H
