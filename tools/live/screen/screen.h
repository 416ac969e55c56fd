// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file screen.h

   `grus live` on a terminal: what happens, and keys that change it.
*/

#ifndef GRUS_TOOLS_LIVE_SCREEN_SCREEN_H
#define GRUS_TOOLS_LIVE_SCREEN_SCREEN_H

#include "grus/grus.h"
#include "live/screen/status.h"

#include <stdbool.h>

/// What a key asks for
typedef enum {
  LIVE_KEY_NONE,
  LIVE_KEY_QUIT,
  LIVE_KEY_MODEL,  ///< Play the next model
  LIVE_KEY_PRESET, ///< Use the next preset
  LIVE_KEY_PARAM,  ///< Set a parameter
} LiveKeyKind;

/// A key that was pressed
typedef struct {
  LiveKeyKind kind;
  GrusParam   param;
  float       value;
} LiveKey;

/// Return whether there is a terminal to draw on and to read keys from
bool
live_screen_is_possible(void);

/// Take the terminal; what say_error() tells is shown on it from then on
bool
live_screen_open(void);

/// Draw everything anew
void
live_screen_draw(const LiveStatus* status);

/// Wait for a key, a twentieth of a second at most
LiveKey
live_screen_key(const LiveStatus* status);

/// Give the terminal back, if it was taken
void
live_screen_close(void);

#endif // GRUS_TOOLS_LIVE_SCREEN_SCREEN_H
