// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_LIVE_DESKTOP_INSTALL_H
#define GRUS_TOOLS_LIVE_DESKTOP_INSTALL_H

#include "live/options.h"

/**
   Put the configuration for PipeWire where PipeWire looks, or take it away, and
   say what was done.

   A file that is there and is not as it was installed is somebody else's, and
   stays.

   @return EXIT_OK, or EXIT_FAILED or EXIT_USAGE after telling why.
*/
int
live_install(const LiveOptions* options);

/// The opposite of live_install()
int
live_remove(void);

#endif // GRUS_TOOLS_LIVE_DESKTOP_INSTALL_H
