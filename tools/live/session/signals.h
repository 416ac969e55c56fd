// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_LIVE_SESSION_SIGNALS_H
#define GRUS_TOOLS_LIVE_SESSION_SIGNALS_H

#include <stdbool.h>

/// Have a function called by the signals that end programs
void
live_signals_catch_by(void (*handler)(int));

/// Have the signals that end programs end the session in good order, and make
/// a full disk and a reader that is gone errors
void
live_signals_catch(void);

/// End the session, as a signal does
void
live_signals_stop(void);

/// Return whether the session is to end
bool
live_signals_stopped(void);

#endif // GRUS_TOOLS_LIVE_SESSION_SIGNALS_H
