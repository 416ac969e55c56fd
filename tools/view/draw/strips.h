// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file strips.h

   The spectra, voice activity and reduction of the last seconds as a picture
   of which only what is new is drawn.
*/

#ifndef GRUS_TOOLS_VIEW_DRAW_STRIPS_H
#define GRUS_TOOLS_VIEW_DRAW_STRIPS_H

#include "view/draw/layout.h"
#include "view/draw/theme.h"
#include "view/model/history.h"

#include <cairo.h>

/// A picture that goes on
typedef struct ViewStripsImpl ViewStrips;

/// Return an empty picture, or null without memory
ViewStrips*
view_strips_new(void);

/// Free `strips` (null is allowed)
void
view_strips_free(ViewStrips* strips);

/// Begin anew at the next drawing, in other colours or from another history
void
view_strips_reset(ViewStrips* strips);

/// Draw what is new and paint all of it, in pixels; newest on the right
void
view_strips_paint(ViewStrips*        strips,
                  cairo_t*           cr,
                  const ViewLayout*  layout,
                  const ViewTheme*   theme,
                  const ViewHistory* history);

#endif // GRUS_TOOLS_VIEW_DRAW_STRIPS_H
