// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_VIEW_WINDOW_EVENTS_H
#define GRUS_TOOLS_VIEW_WINDOW_EVENTS_H

#include "view/window/window.h"

/// Do what the events say that have come from X
void
events_run(ViewWindow* window);

#endif // GRUS_TOOLS_VIEW_WINDOW_EVENTS_H
