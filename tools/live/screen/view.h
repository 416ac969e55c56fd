// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file view.h

   What `grus live` draws on a terminal of any size.
*/

#ifndef GRUS_TOOLS_LIVE_SCREEN_VIEW_H
#define GRUS_TOOLS_LIVE_SCREEN_VIEW_H

#include "live/screen/status.h"

#include <stdbool.h>
#include <stdint.h>

/// What is drawn beside the status
typedef struct {
  uint32_t    chosen;  ///< Parameter under the cursor
  bool        help;    ///< Instead of the parameters
  const char* message; ///< Null for none
} LiveView;

/**
   Draw everything anew.

   Texts that a narrow terminal has no room for go on in the next line, and of
   the parameters a low one shows those around the chosen one.
*/
void
live_view_draw(const LiveView* view, const LiveStatus* status);

#endif // GRUS_TOOLS_LIVE_SCREEN_VIEW_H
