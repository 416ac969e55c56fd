// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file nodes.h

   The sources and sinks of a PulseAudio server, or of PipeWire as one.

   PortAudio shows such a server as a single device of ALSA's.  Its nodes are
   asked for through libpulse; built without that, there are none.
*/

#ifndef GRUS_TOOLS_DEVICES_NODES_H
#define GRUS_TOOLS_DEVICES_NODES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A source or a sink
typedef struct {
  char*    name;        ///< The server's
  char*    description; ///< For people
  uint32_t n_channels;
  uint32_t sample_rate;
  bool     is_input;   ///< A source
  bool     is_default; ///< Of its direction
} AudioNode;

/// All that a server has
typedef struct {
  AudioNode* nodes;
  size_t     n;
  char*      server; ///< Its name, null where there is none
} AudioNodes;

/// Ask the server, which has two seconds to answer; none where there is none
void
audio_nodes_load(AudioNodes* nodes);

/// Free what was loaded
void
audio_nodes_clear(AudioNodes* nodes);

#endif // GRUS_TOOLS_DEVICES_NODES_H
