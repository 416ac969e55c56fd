// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_LIVE_SESSION_REPORT_H
#define GRUS_TOOLS_LIVE_SESSION_REPORT_H

#include "live/screen/status.h"
#include "live/session/session.h"

#include <stdbool.h>
#include <stdint.h>

/// Return how often sound was lost in this session
uint64_t
live_report_xruns(const LiveSession* session);

/// Get all that is shown
void
live_report(const LiveSession* session, LiveStatus* status);

/// Print it as a line of text or JSON, as the options say; `ended` for the last
void
live_report_print(const LiveSession* session, bool ended);

#endif // GRUS_TOOLS_LIVE_SESSION_REPORT_H
