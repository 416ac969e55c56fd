// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file pen.h

   What all drawing is made of: text, boxes and colours.
*/

#ifndef GRUS_TOOLS_VIEW_DRAW_PEN_H
#define GRUS_TOOLS_VIEW_DRAW_PEN_H

#include "view/draw/draw.h"
#include "view/draw/layout.h"

#include <cairo.h>

#include <stdbool.h>
#include <stdint.h>

/// Where a text lies on its point
typedef enum { PEN_LEFT, PEN_MIDDLE, PEN_RIGHT } PenSide;

/// How a text is written
typedef struct {
  double   size;
  uint32_t color;
  PenSide  side;
  bool     bold;
  double   room; ///< Units; longer texts end in "...", 0 for no limit
} PenText;

void
pen_color(cairo_t* cr, uint32_t color, double opacity);

/// Fill a box with round corners
void
pen_box(cairo_t* cr, const ViewRect* rect, double radius, uint32_t color);

/// Draw the line around such a box, within it
void
pen_frame(cairo_t*        cr,
          const ViewRect* rect,
          double          radius,
          uint32_t        color,
          double          width);

/// Write a text; `y` is the middle of its small letters
void
pen_text(cairo_t*         cr,
         const ViewScene* scene,
         double           x,
         double           y,
         const PenText*   how,
         const char*      text);

/// Return how wide a text is
double
pen_width(cairo_t*         cr,
          const ViewScene* scene,
          const PenText*   how,
          const char*      text);

/// Draw the arrow of what opens a menu
void
pen_arrow(cairo_t* cr, double x, double y, uint32_t color);

#endif // GRUS_TOOLS_VIEW_DRAW_PEN_H
