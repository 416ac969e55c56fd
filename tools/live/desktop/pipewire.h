// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file pipewire.h

   A microphone called Grus for all programs of a PipeWire desktop: PipeWire
   itself runs the plugin, as a configuration file tells it to.
*/

#ifndef GRUS_TOOLS_LIVE_DESKTOP_PIPEWIRE_H
#define GRUS_TOOLS_LIVE_DESKTOP_PIPEWIRE_H

#include "live/options.h"

#include <stdio.h>

/**
   Write that file.

   @param options Preset, parameters and one or two channels are heeded; an
   input is the name of a PipeWire node.
   @return EXIT_OK, EXIT_FAILED, or EXIT_USAGE after telling what the plugin
   there cannot do.
*/
int
live_pipewire_print(const LiveOptions* options, FILE* out);

#endif // GRUS_TOOLS_LIVE_DESKTOP_PIPEWIRE_H
