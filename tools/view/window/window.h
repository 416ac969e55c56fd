// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file window.h

   The view in a window of X, within another or by itself.  One thread, which
   calls view_window_idle() some 30 times a second.
*/

#ifndef GRUS_TOOLS_VIEW_WINDOW_WINDOW_H
#define GRUS_TOOLS_VIEW_WINDOW_WINDOW_H

#include "view/model/values.h"
#include "view/window/input.h"

#include <stdbool.h>

/// What a window is to be
typedef struct {
  unsigned long parent;   ///< Window of X that it lies in, 0 for none
  double        scale;    ///< Of its size, 0 for what the screen wants
  bool          is_light; ///< Colours
  const char*   title;
  ViewOwner     owner;
  ViewLines     presets; ///< Of the menus; what they point to must stay
  ViewLines     models;
} ViewWindowConfig;

/// One window
typedef struct ViewWindowImpl ViewWindow;

/// Return a window that shows `values`, or null where there is no display
ViewWindow*
view_window_new(const ViewWindowConfig* config, ViewValues* values);

/// Close and free `window` (null is allowed)
void
view_window_free(ViewWindow* window);

/// Return its number in X
unsigned long
view_window_id(const ViewWindow* window);

/// Get its size in pixels
void
view_window_size(const ViewWindow* window, int* width, int* height);

/// Have another size, pixels
void
view_window_set_size(ViewWindow* window, int width, int height);

/// Return the parameter that a person holds, or #VIEW_ITEM_NONE
ViewItem
view_window_held(const ViewWindow* window);

/**
   Do what a person asks for, and draw what has changed: at most 30 times a
   second, and nothing while nobody sees it.

   @param now Seconds since some fixed point.
   @return Whether the window is still open.
*/
bool
view_window_idle(ViewWindow* window, double now);

#endif // GRUS_TOOLS_VIEW_WINDOW_WINDOW_H
