// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file theme.h

   Colours of the view.  Text has a contrast of at least 4.5 : 1 to what it is
   drawn on, and whatever differs by colour also differs in lightness or words.
*/

#ifndef GRUS_TOOLS_VIEW_DRAW_THEME_H
#define GRUS_TOOLS_VIEW_DRAW_THEME_H

#include <stdbool.h>
#include <stdint.h>

/// Colours as 0xRRGGBB
typedef struct {
  uint32_t ground;      ///< Behind everything
  uint32_t panel;       ///< Behind controls
  uint32_t well;        ///< What is filled: tracks, meters, fields
  uint32_t line;        ///< Frames
  uint32_t text;        ///< On `ground`, `panel` and `well`
  uint32_t dim;         ///< Less important text, on the same
  uint32_t accent;      ///< What a person has set; also text on the same
  uint32_t on_accent;   ///< Text on `accent`
  uint32_t voice;       ///< Voice activity and levels
  uint32_t loud;        ///< Levels near full scale
  uint32_t alarm;       ///< Clipping and errors; also text on `ground`
  uint32_t on_alarm;    ///< Text on `alarm`
  uint32_t tip;         ///< Behind tool tips
  uint32_t tip_text;    ///< On `tip`
  uint32_t levels[256]; ///< Of the spectra
} ViewTheme;

/// Fill a theme
void
view_theme(ViewTheme* theme, bool is_light);

/// Return whether a colour is nearer to white than to black
bool
view_theme_is_light(uint32_t color);

#endif // GRUS_TOOLS_VIEW_DRAW_THEME_H
