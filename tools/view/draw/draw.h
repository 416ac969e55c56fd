// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file draw.h

   Draws the view on any surface of cairo.
*/

#ifndef GRUS_TOOLS_VIEW_DRAW_DRAW_H
#define GRUS_TOOLS_VIEW_DRAW_DRAW_H

#include "view/draw/layout.h"
#include "view/draw/strips.h"
#include "view/draw/theme.h"
#include "view/model/values.h"

#include <cairo.h>

/// A menu that is open
typedef struct {
  ViewItem           item; ///< What opened it, or #VIEW_ITEM_NONE
  const char* const* lines;
  unsigned           n;
  unsigned           chosen;
} ViewMenu;

/// Everything that a picture shows
typedef struct {
  const ViewValues*  values;
  const ViewLayout*  layout;
  const ViewTheme*   theme;
  ViewStrips*        strips;
  cairo_font_face_t* regular;
  cairo_font_face_t* bold;
  ViewItem           focus; ///< What keys turn
  ViewItem           hot;   ///< What is under the pointer
  ViewItem           edit;  ///< Whose value is being typed
  const char*        typed;
  ViewMenu           menu;
  ViewItem           tip; ///< Whose tool tip is open
} ViewScene;

/// Draw the parts whose bits (1 << ViewPart) are set, then what lies over all
void
view_draw(cairo_t* cr, const ViewScene* scene, unsigned parts);

#endif // GRUS_TOOLS_VIEW_DRAW_DRAW_H
