// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What lies over everything: menus and tool tips

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
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { MAX_LINES = 6, LINE = 240 };

static const double tip_width = 270.0;
static const double tip_line  = 16.0;

static void
draw_menu(cairo_t* const cr, const ViewScene* const scene)
{
  const ViewMenu* const  menu  = &scene->menu;
  const ViewTheme* const theme = scene->theme;
  ViewRect               all = view_layout_menu(scene->layout, menu->item, 0U);
  all.h *= menu->n;
  pen_box(cr, &all, 0.0, theme->panel);
  for (unsigned i = 0U; i < menu->n; ++i) {
    const ViewRect r      = view_layout_menu(scene->layout, menu->item, i);
    const int      chosen = i == menu->chosen;
    const PenText  how    = {12.5,
                         chosen ? theme->on_accent : theme->text,
                             PEN_LEFT,
                             false,
                             r.w - 24.0};
    if (chosen) {
      pen_box(cr, &r, 0.0, theme->accent);
    }
    pen_text(cr, scene, r.x + 12.0, r.y + (0.5 * r.h), &how, menu->lines[i]);
  }
  pen_frame(cr, &all, 0.0, theme->accent, 1.0);
}

/// What a tool tip says
typedef struct {
  char     title[LINE];
  char     lines[MAX_LINES][LINE];
  unsigned n;
} Tip;

/// Break a text into lines
static void
wrap(cairo_t* const         cr,
     const ViewScene* const scene,
     Tip* const             tip,
     const PenText* const   how,
     const char*            text)
{
  while (*text && tip->n < MAX_LINES) {
    char* const line = tip->lines[tip->n];
    line[0]          = '\0';
    while (*text) {
      char         longer[LINE];
      const size_t word = strcspn(text, " ");
      snprintf(longer,
               sizeof(longer),
               "%s%s%.*s",
               line,
               *line ? " " : "",
               (int)word,
               text);
      if (*line && pen_width(cr, scene, how, longer) > tip_width - 20.0) {
        break;
      }
      snprintf(line, LINE, "%s", longer);
      text += word;
      text += strspn(text, " ");
    }
    ++tip->n;
  }
}

/// Return what there is to say about an item besides its name
static const char*
comment_of(const ViewItem item)
{
  switch (item) {
  case VIEW_ITEM_PRESETS:
    return "Settings for a purpose: they turn the controls.";
  case VIEW_ITEM_MODELS:
    return "The network that cleans the sound, from those that come with Grus.";
  case VIEW_ITEM_LEVEL_IN:
  case VIEW_ITEM_LEVEL_OUT:
    return "Peak, and the highest of the last seconds. Click to forget that it "
           "clipped.";
  case VIEW_ITEM_CORNER:
    return "Drag to make the window larger or smaller.";
  case VIEW_ITEM_NONE:
    return "";
  }
  return grus_param_info((uint32_t)item)->comment;
}

static const char*
title_of(const ViewItem item)
{
  return item == VIEW_ITEM_PRESETS     ? "Presets"
         : item == VIEW_ITEM_MODELS    ? "Model"
         : item == VIEW_ITEM_LEVEL_IN  ? "Input level"
         : item == VIEW_ITEM_LEVEL_OUT ? "Output level"
         : item == VIEW_ITEM_CORNER    ? "Size"
                                       : grus_param_info((uint32_t)item)->name;
}

static void
fill_tip(cairo_t* const         cr,
         const ViewScene* const scene,
         Tip* const             tip,
         const PenText* const   how)
{
  const ViewItem item = scene->tip;
  tip->n              = 0U;
  snprintf(tip->title, sizeof(tip->title), "%s", title_of(item));
  wrap(cr, scene, tip, how, comment_of(item));
  if ((unsigned)item < GRUS_N_PARAMS && !view_number_choices((GrusParam)item)) {
    const GrusParamInfo* const info = grus_param_info((uint32_t)item);
    char                       from[VIEW_TEXT_SIZE];
    char                       to[VIEW_TEXT_SIZE];
    char                       text[LINE];
    view_number_text((GrusParam)item, info->minimum, from, sizeof(from));
    view_number_text((GrusParam)item, info->maximum, to, sizeof(to));
    snprintf(text,
             sizeof(text),
             "%s to %s. Double click to type, Ctrl+click to reset, Shift for "
             "small steps.",
             from,
             to);
    wrap(cr, scene, tip, how, text);
  }
}

static void
draw_tip(cairo_t* const cr, const ViewScene* const scene)
{
  const ViewTheme* const  theme = scene->theme;
  const ViewLayout* const l     = scene->layout;
  const ViewRect* const   item  = &l->items[scene->tip];
  const PenText           title = {12.5, theme->tip_text, PEN_LEFT, true, 0.0};
  const PenText           how   = {11.5, theme->tip_text, PEN_LEFT, false, 0.0};
  Tip                     tip;
  fill_tip(cr, scene, &tip, &how);

  const double   height = 30.0 + (tip_line * tip.n);
  const double   middle = item->x + (0.5 * item->w) - (0.5 * tip_width);
  const double   above  = item->y - height - 6.0;
  const ViewRect r      = {fmin(fmax(middle, 6.0), l->w - tip_width - 6.0),
                      above > 4.0 ? above : item->y + item->h + 6.0,
                           tip_width,
                           height};
  pen_box(cr, &r, 0.0, theme->tip);
  pen_text(cr, scene, r.x + 10.0, r.y + 15.0, &title, tip.title);
  for (unsigned i = 0U; i < tip.n; ++i) {
    pen_text(
      cr, scene, r.x + 10.0, r.y + 33.0 + (tip_line * i), &how, tip.lines[i]);
  }
}

void
draw_overlay(cairo_t* const cr, const ViewScene* const scene)
{
  if (scene->menu.item != VIEW_ITEM_NONE && scene->menu.n) {
    draw_menu(cr, scene);
  } else if (scene->tip != VIEW_ITEM_NONE) {
    draw_tip(cr, scene);
  }
}
