// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file parts.h

   The drawing of each part, for draw.c.
*/

#ifndef GRUS_TOOLS_VIEW_DRAW_PARTS_H
#define GRUS_TOOLS_VIEW_DRAW_PARTS_H

#include "view/draw/draw.h"

#include <cairo.h>

void
draw_header(cairo_t* cr, const ViewScene* scene);

void
draw_sound(cairo_t* cr, const ViewScene* scene);

void
draw_levels(cairo_t* cr, const ViewScene* scene);

void
draw_controls(cairo_t* cr, const ViewScene* scene);

void
draw_status(cairo_t* cr, const ViewScene* scene);

/// Draw the menu and the tool tip that are open
void
draw_overlay(cairo_t* cr, const ViewScene* scene);

#endif // GRUS_TOOLS_VIEW_DRAW_PARTS_H
