// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// The bars above and below: name, model, presets, bypass; and what is going on

#include "view/draw/draw.h"
#include "view/draw/layout.h"
#include "view/draw/parts.h"
#include "view/draw/pen.h"
#include "view/draw/theme.h"
#include "view/model/values.h"

#include "grus/params.h"

#include <cairo.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/// Draw the crane, which is a constellation
static void
draw_stars(cairo_t* const cr, const ViewScene* const scene)
{
  static const double stars[][3] = {// x, y, radius; alpha to zeta
                                    {20.0, 30.0, 2.4},
                                    {29.5, 27.5, 2.2},
                                    {34.0, 34.5, 1.3},
                                    {26.5, 20.5, 1.2},
                                    {22.5, 14.5, 1.6},
                                    {36.5, 39.5, 1.2}};
  static const int    lines[][2] = {{4, 3}, {3, 1}, {1, 0}, {1, 2}, {2, 5}};
  pen_color(cr, scene->theme->accent, 0.7);
  cairo_set_line_width(cr, 0.9);
  for (size_t i = 0U; i < sizeof(lines) / sizeof(lines[0]); ++i) {
    cairo_move_to(cr, stars[lines[i][0]][0], stars[lines[i][0]][1]);
    cairo_line_to(cr, stars[lines[i][1]][0], stars[lines[i][1]][1]);
  }
  cairo_stroke(cr);

  pen_color(cr, scene->theme->text, 1.0);
  for (size_t i = 0U; i < sizeof(stars) / sizeof(stars[0]); ++i) {
    cairo_new_sub_path(cr);
    cairo_arc(cr, stars[i][0], stars[i][1], stars[i][2], 0.0, 6.2832);
  }
  cairo_fill(cr);
}

/// Draw what opens a menu
static void
draw_button(cairo_t* const         cr,
            const ViewScene* const scene,
            const ViewItem         item,
            const char* const      text)
{
  const ViewRect* const  r     = &scene->layout->items[item];
  const ViewTheme* const theme = scene->theme;
  const double           y     = r->y + (0.5 * r->h);
  const PenText how = {12.5, theme->text, PEN_LEFT, false, r->w - 40.0};
  pen_box(cr, r, 6.0, theme->panel);
  pen_frame(cr,
            r,
            6.0,
            scene->focus == item || scene->hot == item ? theme->accent
                                                       : theme->line,
            scene->focus == item ? 2.0 : 1.0);
  pen_text(cr, scene, r->x + 12.0, y, &how, text);
  pen_arrow(cr, r->x + r->w - 15.0, y, theme->dim);
}

/// Draw the switch of the whole
static void
draw_enabled(cairo_t* const cr, const ViewScene* const scene)
{
  const ViewItem         item  = (ViewItem)GRUS_PARAM_ENABLED;
  const ViewRect* const  r     = &scene->layout->items[item];
  const ViewTheme* const theme = scene->theme;
  const bool             on    = scene->values->params[item] > 0.0f;
  const ViewRect track = {r->x + r->w - 48.0, r->y + 3.0, 44.0, r->h - 6.0};
  const double   y     = r->y + (0.5 * r->h);
  const PenText  how   = {
       13.0, on ? theme->text : theme->dim, PEN_RIGHT, true, 76.0};

  pen_text(cr, scene, track.x - 9.0, y, &how, on ? "On" : "Bypassed");
  pen_box(cr, &track, 11.0, on ? theme->accent : theme->well);
  pen_frame(cr, &track, 11.0, on ? theme->accent : theme->dim, 1.0);
  pen_color(cr, on ? theme->on_accent : theme->dim, 1.0);
  cairo_arc(
    cr, on ? track.x + track.w - 11.0 : track.x + 11.0, y, 7.5, 0.0, 6.2832);
  cairo_fill(cr);
  if (scene->focus == item) {
    pen_frame(cr, r, 6.0, theme->accent, 2.0);
  }
}

void
draw_header(cairo_t* const cr, const ViewScene* const scene)
{
  const ViewTheme* const theme = scene->theme;
  const PenText          name  = {21.0, theme->text, PEN_LEFT, true, 0.0};
  const char* const      model =
    scene->values->loading ? "Loading the model ..." : scene->values->model;
  draw_stars(cr, scene);
  pen_text(cr, scene, 44.0, 25.0, &name, "Grus");
  draw_button(cr, scene, VIEW_ITEM_MODELS, *model ? model : "Model");
  draw_button(cr, scene, VIEW_ITEM_PRESETS, "Presets");
  draw_enabled(cr, scene);
}

/// Draw what makes the window larger
static void
draw_corner(cairo_t* const cr, const ViewScene* const scene)
{
  const ViewRect* const r = &scene->layout->items[VIEW_ITEM_CORNER];
  pen_color(cr, scene->theme->dim, 1.0);
  cairo_set_line_width(cr, 1.2);
  for (double inset = 4.0; inset < 13.0; inset += 4.0) {
    cairo_move_to(cr, r->x + r->w - 3.0, r->y + inset);
    cairo_line_to(cr, r->x + inset, r->y + r->h - 3.0);
  }
  cairo_stroke(cr);
}

/// Write what is measured, the last on the right; return where it begins
static double
draw_numbers(cairo_t* const cr, const ViewScene* const scene, const double y)
{
  const ViewValues* const v = scene->values;
  const PenText how         = {11.5, scene->theme->dim, PEN_RIGHT, false, 0.0};
  char          text[160];
  char          xruns[32] = "";
  if (v->xruns >= 0) {
    snprintf(xruns, sizeof(xruns), "     Lost blocks %d", v->xruns);
  }
  if (v->sample_rate) {
    snprintf(text,
             sizeof(text),
             "Latency %.1f ms (%.0f frames)     Load %.1f %%, worst %.1f %%%s",
             1000.0 * (double)v->latency / v->sample_rate,
             (double)v->latency,
             (double)v->load,
             (double)v->load_worst,
             xruns);
  } else {
    snprintf(text,
             sizeof(text),
             "Latency %.0f frames     Load %.1f %%, worst %.1f %%%s",
             (double)v->latency,
             (double)v->load,
             (double)v->load_worst,
             xruns);
  }
  const double right = scene->layout->w - 24.0;
  pen_text(cr, scene, right, y, &how, text);
  return right - pen_width(cr, scene, &how, text);
}

void
draw_status(cairo_t* const cr, const ViewScene* const scene)
{
  const ViewRect* const   r     = &scene->layout->parts[VIEW_PART_STATUS];
  const ViewTheme* const  theme = scene->theme;
  const ViewValues* const v     = scene->values;
  const double            y     = r->y + (0.5 * r->h);
  const double            left  = 14.0;
  const double            room  = draw_numbers(cr, scene, y) - left - 16.0;
  PenText                 how   = {11.5, theme->dim, PEN_LEFT, false, room};
  char                    text[VIEW_ERROR_SIZE + 16];
  if (*v->error) {
    how.color = theme->alarm;
    how.bold  = true;
    snprintf(text, sizeof(text), "Refused: %s", v->error);
  } else if (*v->license) {
    snprintf(text, sizeof(text), "Model under %s", v->license);
  } else {
    text[0] = '\0';
  }
  pen_text(cr, scene, left, y, &how, text);
  draw_corner(cr, scene);
}
