// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file layout.h

   Where everything is: computed once for a size, used to draw and to find what
   lies under the pointer.

   Lengths are in units of which a window of VIEW_WIDTH x VIEW_HEIGHT pixels has
   one for each; a larger window has larger units, and where its shape is
   another one, more of them.
*/

#ifndef GRUS_TOOLS_VIEW_DRAW_LAYOUT_H
#define GRUS_TOOLS_VIEW_DRAW_LAYOUT_H

#include "grus/params.h"

#include <stdbool.h>
#include <stdint.h>

enum {
  VIEW_WIDTH      = 820,
  VIEW_HEIGHT     = 560,
  VIEW_MIN_WIDTH  = 615, ///< Pixels of the smallest window
  VIEW_MIN_HEIGHT = 420,
  VIEW_MENU_MAX   = 12, ///< Lines of a menu
};

/// A place in units
typedef struct {
  double x;
  double y;
  double w;
  double h;
} ViewRect;

/// What a person can point at; first one for each parameter, by its number
typedef enum {
  VIEW_ITEM_PRESETS = GRUS_N_PARAMS,
  VIEW_ITEM_MODELS,
  VIEW_ITEM_LEVEL_IN,
  VIEW_ITEM_LEVEL_OUT,
  VIEW_ITEM_CORNER, ///< Where the window is made larger
  VIEW_N_ITEMS,
  VIEW_ITEM_NONE = VIEW_N_ITEMS,
} ViewItem;

/// What is drawn anew by itself
typedef enum {
  VIEW_PART_HEADER,
  VIEW_PART_SOUND,
  VIEW_PART_LEVELS,
  VIEW_PART_CONTROLS,
  VIEW_PART_STATUS,
  VIEW_N_PARTS,
} ViewPart;

/// Every place in a window of one size
typedef struct {
  double   scale; ///< Pixels of a unit
  double   w;
  double   h;
  ViewRect parts[VIEW_N_PARTS];
  ViewRect items[VIEW_N_ITEMS]; ///< Empty where there is none
  ViewRect spectra[2];          ///< What goes in, what comes out
  ViewRect activity;
  ViewRect reduction;
  ViewRect frequencies; ///< Left of the spectra
  ViewRect times;       ///< Below all of them
  ViewRect gains;       ///< Frames around what belongs together
  ViewRect gate;
} ViewLayout;

/// Lay out a window of a size in pixels
void
view_layout(ViewLayout* layout, int width, int height, bool has_link);

/// Return what lies at a place in pixels, or #VIEW_ITEM_NONE
ViewItem
view_layout_hit(const ViewLayout* layout, double x, double y);

/// Return which of `n` choices of an item lies at a place in pixels
unsigned
view_layout_choice(const ViewLayout* layout,
                   ViewItem          item,
                   unsigned          n,
                   double            x);

/// Return the place of the choices of a parameter that is switched
ViewRect
view_layout_choices(const ViewLayout* layout, ViewItem item);

/// Return the place of line `index` of the menu that an item opens
ViewRect
view_layout_menu(const ViewLayout* layout, ViewItem item, unsigned index);

/// Return the item that comes `by` places after another in the order of Tab
ViewItem
view_layout_next(const ViewLayout* layout, ViewItem item, int by);

/// Return whether a place in units lies within a rectangle
bool
view_rect_has(const ViewRect* rect, double x, double y);

#endif // GRUS_TOOLS_VIEW_DRAW_LAYOUT_H
