// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "view/draw/draw.h"

#include "view/draw/layout.h"
#include "view/draw/parts.h"
#include "view/draw/pen.h"

#include <cairo.h>

static void (*const draw_part[VIEW_N_PARTS])(cairo_t*, const ViewScene*) = {
  [VIEW_PART_HEADER]   = draw_header,
  [VIEW_PART_SOUND]    = draw_sound,
  [VIEW_PART_LEVELS]   = draw_levels,
  [VIEW_PART_CONTROLS] = draw_controls,
  [VIEW_PART_STATUS]   = draw_status,
};

void
view_draw(cairo_t* const cr, const ViewScene* const scene, const unsigned parts)
{
  const double scale = scene->layout->scale;
  cairo_save(cr);
  cairo_scale(cr, scale, scale);
  for (unsigned i = 0U; i < VIEW_N_PARTS; ++i) {
    const ViewRect* const r = &scene->layout->parts[i];
    if (parts & (1U << i)) {
      cairo_save(cr);
      cairo_rectangle(cr, r->x, r->y, r->w, r->h);
      cairo_clip(cr);
      pen_color(cr, scene->theme->ground, 1.0);
      cairo_paint(cr);
      draw_part[i](cr, scene);
      cairo_restore(cr);
    }
  }
  draw_overlay(cr, scene);
  cairo_restore(cr);
}
