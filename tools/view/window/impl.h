// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What a window is made of, for its own files only

#ifndef GRUS_TOOLS_VIEW_WINDOW_IMPL_H
#define GRUS_TOOLS_VIEW_WINDOW_IMPL_H

#include "view/draw/layout.h"
#include "view/draw/strips.h"
#include "view/draw/theme.h"
#include "view/model/values.h"
#include "view/window/input.h"
#include "view/window/window.h"

#include <X11/Xlib.h>
#include <cairo.h>

#include <stdbool.h>

struct ViewWindowImpl {
  Display*           display;
  Window             id;
  Window             parent; ///< 0 for none
  Atom               delete_atom;
  cairo_surface_t*   front; ///< The window itself
  cairo_surface_t*   back;  ///< Where everything is drawn
  cairo_font_face_t* regular;
  cairo_font_face_t* bold;
  ViewStrips*        strips;
  ViewTheme          theme;
  ViewLayout         layout;
  ViewInput          input;
  ViewValues*        values;
  int                width; ///< Pixels
  int                height;
  double             now;
  double             drawn_at;
  double             looked_at;
  Time               pressed_at; ///< Last press, to know a second one
  int                pressed_x;
  int                pressed_y;
  int                corner_x; ///< From the pointer to the corner that it drags
  int                corner_y;
  bool               sizing;  ///< The corner is dragged
  bool               seen;    ///< The server shows it
  bool               covered; ///< By other windows
  bool               exposed; ///< The server has forgotten some of it
  bool               resized;
  bool               closed;
};

#endif // GRUS_TOOLS_VIEW_WINDOW_IMPL_H
