// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_LIVE_SESSION_LOOP_H
#define GRUS_TOOLS_LIVE_SESSION_LOOP_H

#include "live/session/session.h"

/// Sleep; a signal ends it
void
live_wait(double seconds);

/**
   Show how it goes and do what keys ask for, until the end.

   @return EXIT_OK, or EXIT_LOST when the devices are gone.
*/
int
live_loop(LiveSession* session);

#endif // GRUS_TOOLS_LIVE_SESSION_LOOP_H
