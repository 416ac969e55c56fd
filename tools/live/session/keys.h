// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_LIVE_SESSION_KEYS_H
#define GRUS_TOOLS_LIVE_SESSION_KEYS_H

#include "live/screen/screen.h"
#include "live/session/session.h"

/// Do what a key asks for
void
live_keys_obey(LiveSession* session, LiveKey key);

#endif // GRUS_TOOLS_LIVE_SESSION_KEYS_H
