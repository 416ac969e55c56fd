// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_LIVE_SESSION_TAKES_H
#define GRUS_TOOLS_LIVE_SESSION_TAKES_H

#include "live/session/session.h"

/**
   Start the recording that `carry` names, before or while sound is played.

   What was recorded into that path before is an earlier take and stays.

   @return EXIT_OK, perhaps after telling that the name is another, or the code
   of a failure that was told.
*/
int
live_takes_start(LiveSession* session);

/// Record into takes of `path` while sound is played
int
live_takes_start_at(LiveSession* session, const char* path);

/// End the recording that runs; the sound goes on
int
live_takes_stop(LiveSession* session);

#endif // GRUS_TOOLS_LIVE_SESSION_TAKES_H
