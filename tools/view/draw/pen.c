// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "view/draw/pen.h"

#include "view/draw/draw.h"
#include "view/draw/layout.h"

#include <cairo.h>

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum { LINE_SIZE = 320 };

void
pen_color(cairo_t* const cr, const uint32_t color, const double opacity)
{
  cairo_set_source_rgba(cr,
                        ((color >> 16U) & 0xffU) / 255.0,
                        ((color >> 8U) & 0xffU) / 255.0,
                        (color & 0xffU) / 255.0,
                        opacity);
}

static void
trace_box(cairo_t* const        cr,
          const ViewRect* const r,
          const double          radius,
          const double          inset)
{
  const double pi     = 3.14159265358979;
  const double left   = r->x + inset;
  const double top    = r->y + inset;
  const double right  = r->x + r->w - inset;
  const double bottom = r->y + r->h - inset;
  const double q      = fmin(radius, 0.5 * fmin(r->w, r->h));
  cairo_new_sub_path(cr);
  cairo_arc(cr, right - q, top + q, q, -0.5 * pi, 0.0);
  cairo_arc(cr, right - q, bottom - q, q, 0.0, 0.5 * pi);
  cairo_arc(cr, left + q, bottom - q, q, 0.5 * pi, pi);
  cairo_arc(cr, left + q, top + q, q, pi, 1.5 * pi);
  cairo_close_path(cr);
}

void
pen_box(cairo_t* const        cr,
        const ViewRect* const rect,
        const double          radius,
        const uint32_t        color)
{
  pen_color(cr, color, 1.0);
  trace_box(cr, rect, radius, 0.0);
  cairo_fill(cr);
}

void
pen_frame(cairo_t* const        cr,
          const ViewRect* const rect,
          const double          radius,
          const uint32_t        color,
          const double          width)
{
  pen_color(cr, color, 1.0);
  trace_box(cr, rect, radius, 0.5 * width);
  cairo_set_line_width(cr, width);
  cairo_stroke(cr);
}

static void
choose_font(cairo_t* const         cr,
            const ViewScene* const scene,
            const PenText* const   how)
{
  cairo_set_font_face(cr, how->bold ? scene->bold : scene->regular);
  cairo_set_font_size(cr, how->size);
}

double
pen_width(cairo_t* const         cr,
          const ViewScene* const scene,
          const PenText* const   how,
          const char* const      text)
{
  cairo_text_extents_t extents;
  choose_font(cr, scene, how);
  cairo_text_extents(cr, text, &extents);
  return extents.x_advance;
}

/// Copy a text, cut where there is no room for it
static double
fit(cairo_t* const         cr,
    const ViewScene* const scene,
    const PenText* const   how,
    const char* const      text,
    char* const            line)
{
  snprintf(line, LINE_SIZE, "%s", text);
  double width = pen_width(cr, scene, how, line);
  for (size_t n = strlen(line); how->room > 0.0 && width > how->room && n > 0U;
       width    = pen_width(cr, scene, how, line)) {
    do { // Whole characters
      --n;
    } while (n > 0U && ((unsigned char)text[n] & 0xc0U) == 0x80U);
    snprintf(line, LINE_SIZE, "%.*s...", (int)n, text);
  }
  return width;
}

void
pen_text(cairo_t* const         cr,
         const ViewScene* const scene,
         const double           x,
         const double           y,
         const PenText* const   how,
         const char* const      text)
{
  char         line[LINE_SIZE];
  const double width = fit(cr, scene, how, text, line);
  const double left  = how->side == PEN_LEFT     ? x
                       : how->side == PEN_MIDDLE ? x - (0.5 * width)
                                                 : x - width;
  pen_color(cr, how->color, 1.0);
  cairo_move_to(cr, left, y + (0.36 * how->size));
  cairo_show_text(cr, line);
}

void
pen_arrow(cairo_t* const cr,
          const double   x,
          const double   y,
          const uint32_t color)
{
  pen_color(cr, color, 1.0);
  cairo_move_to(cr, x - 4.0, y - 2.0);
  cairo_line_to(cr, x, y + 2.5);
  cairo_line_to(cr, x + 4.0, y - 2.0);
  cairo_set_line_width(cr, 1.6);
  cairo_stroke(cr);
}
