// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file ports.h

   Which ports a plugin has, in order: two for messages, one for each parameter
   and meter of the engine's tables, three of the plugin's own, then the sound.
   The .ttl files are written from this and the plugin reads its ports by it.
*/

#ifndef GRUS_PLUGIN_PORTS_H
#define GRUS_PLUGIN_PORTS_H

#include "grus/grus.h"

#include <stdint.h>

enum {
  MAX_SIDES = 2, ///< Channels of the stereo plugin
  MAX_PORTS = 2 + GRUS_N_PARAMS + GRUS_N_METERS + 3 + (2 * MAX_SIDES),
};

/// What a port is for
typedef enum {
  PORT_CONTROL,    ///< Messages in
  PORT_NOTIFY,     ///< Messages out
  PORT_PARAM,      ///< Parameter `index`
  PORT_METER,      ///< Meter `index`
  PORT_LATENCY,    ///< Frames
  PORT_LOAD,       ///< Mean share of the time there is, percent
  PORT_LOAD_WORST, ///< The same of the worst block of the last second
  PORT_INPUT,      ///< Channel `index`
  PORT_OUTPUT,     ///< Channel `index`
} PortType;

/// One port
typedef struct {
  PortType type;
  uint32_t index;
} Port;

/// Write the ports of a plugin with `n_channels`; return how many there are
uint32_t
ports_list(uint32_t n_channels, Port ports[MAX_PORTS]);

#endif // GRUS_PLUGIN_PORTS_H
