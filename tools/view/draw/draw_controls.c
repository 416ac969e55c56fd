// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Knobs and switches

#include "view/draw/draw.h"
#include "view/draw/layout.h"
#include "view/draw/parts.h"
#include "view/draw/pen.h"
#include "view/draw/theme.h"
#include "view/model/numbers.h"
#include "view/model/values.h"

#include "grus/params.h"

#include <cairo.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

static const double first_angle = 2.3561944902; ///< Lower left
static const double whole_angle = 4.7123889804; ///< From there to lower right

/// A knob's place
typedef struct {
  double x;
  double y;
  double radius;
  double width; ///< Of its arc
} Knob;

static void
draw_arc(cairo_t* const    cr,
         const Knob* const knob,
         const double      from,
         const double      to,
         const uint32_t    color)
{
  pen_color(cr, color, 1.0);
  cairo_set_line_width(cr, knob->width);
  cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
  cairo_new_sub_path(cr);
  cairo_arc(cr,
            knob->x,
            knob->y,
            knob->radius,
            first_angle + (whole_angle * fmin(from, to)),
            first_angle + (whole_angle * fmax(from, to)));
  cairo_stroke(cr);
}

/// Draw the body and the mark that turns
static void
draw_cap(cairo_t* const         cr,
         const ViewScene* const scene,
         const Knob* const      knob,
         const double           part)
{
  const ViewTheme* const theme  = scene->theme;
  const double           angle  = first_angle + (whole_angle * part);
  const double           radius = knob->radius - (1.4 * knob->width);
  cairo_new_sub_path(cr);
  cairo_arc(cr, knob->x, knob->y, radius, 0.0, 6.2832);
  pen_color(cr, theme->panel, 1.0);
  cairo_fill_preserve(cr);
  pen_color(cr, theme->line, 1.0);
  cairo_set_line_width(cr, 1.2);
  cairo_stroke(cr);

  pen_color(cr, theme->text, 1.0);
  cairo_set_line_width(cr, 0.45 * knob->width);
  cairo_move_to(cr,
                knob->x + (0.72 * radius * cos(angle)),
                knob->y + (0.72 * radius * sin(angle)));
  cairo_line_to(cr,
                knob->x + (0.96 * radius * cos(angle)),
                knob->y + (0.96 * radius * sin(angle)));
  cairo_stroke(cr);
}

static void
draw_knob(cairo_t* const         cr,
          const ViewScene* const scene,
          const Knob* const      knob,
          const GrusParam        param)
{
  const ViewTheme* const     theme = scene->theme;
  const GrusParamInfo* const info  = grus_param_info(param);
  const double part = view_number_part(param, scene->values->params[param]);
  const double zero =
    info->minimum < 0.0f ? view_number_part(param, 0.0f) : 0.0;
  const bool on = scene->values->params[GRUS_PARAM_ENABLED] > 0.0f;
  draw_arc(cr, knob, 0.0, 1.0, theme->line);
  if (fabs(part - zero) > 1e-6) {
    draw_arc(cr, knob, zero, part, on ? theme->accent : theme->dim);
  }
  draw_cap(cr, scene, knob, part);
}

/// Write the value, or what is being typed instead
static void
draw_value(cairo_t* const         cr,
           const ViewScene* const scene,
           const ViewRect* const  field,
           const GrusParam        param,
           const double           size)
{
  const ViewTheme* const theme  = scene->theme;
  const bool             typing = scene->edit == (ViewItem)param;
  const PenText          how = {size, theme->text, PEN_MIDDLE, true, field->w};
  char                   text[VIEW_TEXT_SIZE];
  view_number_text(param, scene->values->params[param], text, sizeof(text));
  if (typing) {
    snprintf(text, sizeof(text), "%s|", scene->typed ? scene->typed : "");
    pen_box(cr, field, 4.0, theme->well);
    pen_frame(cr, field, 4.0, theme->accent, 1.5);
  }
  pen_text(cr,
           scene,
           field->x + (0.5 * field->w),
           field->y + (0.5 * field->h),
           &how,
           text);
}

/// Show that keys or the pointer are on a control
static void
draw_focus(cairo_t* const         cr,
           const ViewScene* const scene,
           const ViewItem         item,
           const ViewRect* const  r)
{
  if (scene->focus == item) {
    pen_frame(cr, r, 7.0, scene->theme->accent, 2.0);
  } else if (scene->hot == item) {
    pen_frame(cr, r, 7.0, scene->theme->line, 1.0);
  }
}

/// Draw the one large knob
static void
draw_reduction(cairo_t* const cr, const ViewScene* const scene)
{
  const ViewRect* const r      = &scene->layout->items[GRUS_PARAM_REDUCTION];
  const double          middle = r->x + (0.5 * r->w);
  const Knob            knob   = {middle, r->y + 87.0, 52.0, 7.0};
  const ViewRect        field  = {middle - 42.0, r->y + 76.0, 84.0, 22.0};
  const PenText name = {14.0, scene->theme->text, PEN_MIDDLE, true, r->w};
  draw_focus(cr, scene, (ViewItem)GRUS_PARAM_REDUCTION, r);
  pen_text(cr, scene, middle, r->y + 15.0, &name, "Reduction");
  draw_knob(cr, scene, &knob, GRUS_PARAM_REDUCTION);
  draw_value(cr, scene, &field, GRUS_PARAM_REDUCTION, 16.0);
}

static void
draw_small(cairo_t* const         cr,
           const ViewScene* const scene,
           const GrusParam        param,
           const char* const      name)
{
  const ViewRect* const r      = &scene->layout->items[param];
  const double          middle = r->x + (0.5 * r->w);
  const Knob            knob   = {middle, r->y + 52.0, 23.0, 4.5};
  const ViewRect        field  = {r->x + 4.0, r->y + 85.0, r->w - 8.0, 20.0};
  const PenText how = {12.0, scene->theme->dim, PEN_MIDDLE, false, r->w};
  draw_focus(cr, scene, (ViewItem)param, r);
  pen_text(cr, scene, middle, r->y + 12.0, &how, name);
  draw_knob(cr, scene, &knob, param);
  draw_value(cr, scene, &field, param, 12.5);
}

/// Draw the frame around controls that belong together
static void
draw_group(cairo_t* const         cr,
           const ViewScene* const scene,
           const ViewRect* const  r,
           const char* const      name)
{
  const PenText how = {12.0, scene->theme->text, PEN_MIDDLE, true, r->w};
  pen_box(cr, r, 8.0, scene->theme->panel);
  pen_frame(cr, r, 8.0, scene->theme->line, 1.0);
  pen_text(cr, scene, r->x + (0.5 * r->w), r->y + 14.0, &how, name);
}

/// Draw one of the choices of a switch
static void
draw_choice(cairo_t* const         cr,
            const ViewScene* const scene,
            const ViewRect* const  r,
            const char* const      text,
            const bool             chosen)
{
  const ViewTheme* const theme = scene->theme;
  const PenText          how   = {12.0,
                       chosen ? theme->on_accent : theme->text,
                                  PEN_MIDDLE,
                                  chosen,
                                  r->w - 4.0};
  if (chosen) {
    pen_box(cr, r, 5.0, theme->accent);
  }
  pen_text(cr, scene, r->x + (0.5 * r->w), r->y + (0.5 * r->h), &how, text);
}

static void
draw_switch(cairo_t* const         cr,
            const ViewScene* const scene,
            const GrusParam        param,
            const char* const      name)
{
  const ViewTheme* const theme = scene->theme;
  const ViewItem         item  = (ViewItem)param;
  const ViewRect* const  whole = &scene->layout->items[item];
  const ViewRect         r     = view_layout_choices(scene->layout, item);
  const unsigned         n     = view_number_choices(param);
  const PenText          how   = {12.0, theme->dim, PEN_LEFT, false, r.w};
  if (whole->w <= 0.0) {
    return;
  }

  pen_text(cr, scene, r.x + 2.0, whole->y + 9.0, &how, name);
  pen_box(cr, &r, 6.0, theme->well);
  for (unsigned i = 0U; i < n; ++i) {
    const ViewRect choice = {
      r.x + (i * r.w / n) + 2.0, r.y + 2.0, (r.w / n) - 4.0, r.h - 4.0};
    draw_choice(cr,
                scene,
                &choice,
                view_number_choice(param, i),
                i == (unsigned)scene->values->params[param]);
  }
  pen_frame(cr, &r, 6.0, scene->hot == item ? theme->accent : theme->line, 1.0);
  if (scene->focus == item) {
    pen_frame(cr, &r, 6.0, theme->accent, 2.0);
  }
}

void
draw_controls(cairo_t* const cr, const ViewScene* const scene)
{
  draw_reduction(cr, scene);
  draw_group(cr, scene, &scene->layout->gains, "Gain");
  draw_small(cr, scene, GRUS_PARAM_INPUT_GAIN, "Input");
  draw_small(cr, scene, GRUS_PARAM_OUTPUT_GAIN, "Output");
  draw_group(cr, scene, &scene->layout->gate, "Voice gate");
  draw_small(cr, scene, GRUS_PARAM_GATE, "Threshold");
  draw_small(cr, scene, GRUS_PARAM_GATE_HOLD, "Hold");
  draw_small(cr, scene, GRUS_PARAM_GATE_RELEASE, "Release");
  draw_switch(cr, scene, GRUS_PARAM_LISTEN, "Listen to");
  draw_switch(cr, scene, GRUS_PARAM_EVEN_LOAD, "Even load");
  draw_switch(cr, scene, GRUS_PARAM_LINK, "Link channels");
}
