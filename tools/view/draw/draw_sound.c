// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// The spectra on their axes, and the level meters

#include "view/draw/draw.h"
#include "view/draw/layout.h"
#include "view/draw/parts.h"
#include "view/draw/pen.h"
#include "view/draw/strips.h"
#include "view/draw/theme.h"
#include "view/model/history.h"
#include "view/model/values.h"

#include "grus/params.h"

#include <cairo.h>

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

static const double lowest  = -60.0; ///< dBFS at the foot of a meter
static const double highest = 6.0;   ///< dBFS at its head

/// Draw lines and words for some frequencies beside a spectrum
static void
draw_frequencies(cairo_t* const         cr,
                 const ViewScene* const scene,
                 const ViewRect* const  r)
{
  static const struct {
    double      hz;
    const char* text;
  } marks[]         = {{200.0, "200 Hz"},
                       {1000.0, "1 kHz"},
                       {4000.0, "4 kHz"},
                       {12000.0, "12 kHz"}};
  const PenText how = {10.5, scene->theme->dim, PEN_RIGHT, false, 0.0};
  for (size_t i = 0U; i < sizeof(marks) / sizeof(marks[0]); ++i) {
    const double y =
      r->y + (r->h * (1.0 - (view_history_row(marks[i].hz) / VIEW_ROWS)));
    pen_text(cr, scene, r->x - 8.0, y, &how, marks[i].text);
    pen_color(cr, scene->theme->dim, 1.0);
    cairo_rectangle(cr, r->x - 4.0, y - 0.5, 4.0, 1.0);
    cairo_fill(cr);
  }
}

/// Name what a strip shows, on a ground of its own
static void
draw_name(cairo_t* const         cr,
          const ViewScene* const scene,
          const ViewRect* const  r,
          const char* const      name)
{
  const PenText  how   = {11.5, scene->theme->text, PEN_MIDDLE, true, 0.0};
  const ViewRect plate = {
    r->x + 6.0, r->y + 6.0, pen_width(cr, scene, &how, name) + 14.0, 19.0};
  pen_box(cr, &plate, 4.0, scene->theme->ground);
  pen_text(cr, scene, plate.x + (0.5 * plate.w), plate.y + 9.5, &how, name);
}

static void
draw_times(cairo_t* const cr, const ViewScene* const scene)
{
  const ViewRect* const r   = &scene->layout->times;
  PenText               how = {10.5, scene->theme->dim, PEN_MIDDLE, false, 0.0};
  for (int s = -VIEW_SECONDS; s <= 0; s += 2) {
    char         text[16];
    const double x = r->x + (r->w * (1.0 + ((double)s / VIEW_SECONDS)));
    snprintf(text, sizeof(text), s ? "%d s" : "now", s);
    how.side = !s ? PEN_RIGHT : s == -VIEW_SECONDS ? PEN_LEFT : PEN_MIDDLE;
    pen_text(cr, scene, x, r->y + (0.5 * r->h), &how, text);
  }
}

/// Say left of the narrow strips what they show
static void
draw_strip_names(cairo_t* const cr, const ViewScene* const scene)
{
  const ViewLayout* const l   = scene->layout;
  const float             now = scene->values->meters[GRUS_METER_REDUCTION];
  const double            x   = l->activity.x - 8.0;
  PenText how = {10.5, scene->theme->dim, PEN_RIGHT, false, 0.0};
  char    text[VIEW_TEXT_SIZE];
  snprintf(text, sizeof(text), "%.0f dB", (double)now);
  pen_text(cr, scene, x, l->activity.y + (0.5 * l->activity.h), &how, "Voice");
  pen_text(cr, scene, x, l->reduction.y + 9.0, &how, "Reduced");
  how.color = scene->theme->accent;
  how.bold  = true;
  pen_text(cr, scene, x, l->reduction.y + 24.0, &how, text);
}

void
draw_sound(cairo_t* const cr, const ViewScene* const scene)
{
  const ViewLayout* const l      = scene->layout;
  const PenText           silent = {
              12.5, scene->theme->dim, PEN_MIDDLE, false, l->spectra[0].w - 20.0};
  view_strips_paint(scene->strips, cr, l, scene->theme, scene->values->history);
  for (unsigned i = 0U; i < 2U; ++i) {
    draw_frequencies(cr, scene, &l->spectra[i]);
    draw_name(cr, scene, &l->spectra[i], i ? "Out" : "In");
  }
  if (!view_history_count(scene->values->history)) {
    pen_text(cr,
             scene,
             l->spectra[0].x + (0.5 * l->spectra[0].w),
             l->spectra[0].y + (0.5 * l->spectra[0].h),
             &silent,
             "Waiting for sound");
  }
  draw_strip_names(cr, scene);
  draw_times(cr, scene);
}

/// Return the height of a level on a meter
static double
level_y(const ViewRect* const bar, const double db)
{
  const double part = (db - lowest) / (highest - lowest);
  return bar->y + (bar->h * (1.0 - fmin(fmax(part, 0.0), 1.0)));
}

/// Fill a meter between two levels
static void
fill_level(cairo_t* const        cr,
           const ViewRect* const bar,
           const double          from,
           const double          to,
           const uint32_t        color)
{
  if (to > from) {
    const double top = level_y(bar, to);
    pen_color(cr, color, 1.0);
    cairo_rectangle(cr, bar->x, top, bar->w, level_y(bar, from) - top);
    cairo_fill(cr);
  }
}

/// Draw above a meter how loud it was, or that it clipped
static void
draw_peak(cairo_t* const         cr,
          const ViewScene* const scene,
          const ViewRect* const  box,
          const ViewLevel* const level)
{
  const ViewTheme* const theme = scene->theme;
  const PenText          how   = {10.5,
                       level->clipped ? theme->on_alarm : theme->text,
                                  PEN_MIDDLE,
                                  level->clipped,
                                  box->w};
  char                   text[VIEW_TEXT_SIZE];
  if (level->clipped) {
    snprintf(text, sizeof(text), "CLIP");
  } else if ((double)level->hold < lowest) {
    snprintf(text, sizeof(text), "silent");
  } else {
    snprintf(text, sizeof(text), "%.0f dB", (double)level->hold);
  }
  pen_box(cr, box, 3.0, level->clipped ? theme->alarm : theme->well);
  pen_text(
    cr, scene, box->x + (0.5 * box->w), box->y + (0.5 * box->h), &how, text);
}

static void
draw_meter(cairo_t* const cr, const ViewScene* const scene, const unsigned side)
{
  const ViewTheme* const theme = scene->theme;
  const ViewLevel* const level = &scene->values->levels[side];
  const ViewItem         item = (ViewItem)((unsigned)VIEW_ITEM_LEVEL_IN + side);
  const ViewRect* const  r    = &scene->layout->items[item];
  const double           middle = r->x + (0.5 * r->w) + (side ? 1.0 : -1.0);
  const ViewRect         box    = {middle - 22.0, r->y, 44.0, 17.0};
  const ViewRect         bar    = {
               middle + (side ? -2.0 : -18.0), r->y + 23.0, 20.0, r->h - 44.0};
  const double  db   = (double)level->level;
  const double  hold = level_y(&bar, (double)level->hold);
  const PenText how  = {11.5, theme->text, PEN_MIDDLE, true, 0.0};

  pen_box(cr, &bar, 2.0, theme->well);
  fill_level(cr, &bar, lowest, fmin(db, -12.0), theme->voice);
  fill_level(cr, &bar, -12.0, fmin(db, 0.0), theme->loud);
  fill_level(cr, &bar, 0.0, db, theme->alarm);
  if ((double)level->hold > lowest) {
    pen_color(cr, theme->text, 1.0);
    cairo_rectangle(cr, bar.x, hold - 1.0, bar.w, 2.0);
    cairo_fill(cr);
  }
  pen_frame(cr, &bar, 2.0, theme->line, 1.0);
  draw_peak(cr, scene, &box, level);
  pen_text(cr,
           scene,
           bar.x + (0.5 * bar.w),
           r->y + r->h - 9.0,
           &how,
           side ? "Out" : "In");
}

/// Write the levels between both meters
static void
draw_scale(cairo_t* const cr, const ViewScene* const scene)
{
  static const int      marks[] = {0, -12, -24, -36, -48};
  const ViewRect* const r       = &scene->layout->items[VIEW_ITEM_LEVEL_OUT];
  const ViewRect        bar     = {r->x, r->y + 23.0, 0.0, r->h - 44.0};
  const PenText         how = {10.5, scene->theme->dim, PEN_MIDDLE, false, 0.0};
  for (size_t i = 0U; i < sizeof(marks) / sizeof(marks[0]); ++i) {
    char text[8];
    snprintf(text, sizeof(text), "%d", marks[i]);
    pen_text(cr, scene, r->x, level_y(&bar, marks[i]), &how, text);
  }
  pen_text(cr, scene, r->x, r->y + r->h - 9.0, &how, "dBFS");
}

void
draw_levels(cairo_t* const cr, const ViewScene* const scene)
{
  draw_meter(cr, scene, VIEW_IN);
  draw_meter(cr, scene, VIEW_OUT);
  draw_scale(cr, scene);
}
