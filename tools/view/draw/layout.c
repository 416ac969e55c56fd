// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "view/draw/layout.h"

#include "grus/params.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

static const double margin    = 14.0;
static const double gap       = 6.0;
static const double header    = 50.0;
static const double controls  = 168.0;
static const double status    = 28.0;
static const double levels    = 112.0;
static const double axis      = 56.0;  ///< Room for frequencies
static const double times     = 16.0;  ///< Room for seconds
static const double activity  = 10.0;  ///< Height of its band
static const double reduction = 34.0;  ///< Height of its strip
static const double knob      = 78.0;  ///< Width of a small control
static const double line      = 26.0;  ///< Height of a menu's line
static const double menu      = 210.0; ///< Width of a menu
static const double corner    = 16.0;

static ViewRect
rect(const double x, const double y, const double w, const double h)
{
  const ViewRect r = {x, y, w, h};
  return r;
}

/// Return a rectangle whose edges are whole pixels
static ViewRect
snapped(const double scale, const ViewRect r)
{
  const double left   = round(r.x * scale) / scale;
  const double top    = round(r.y * scale) / scale;
  const double right  = round((r.x + r.w) * scale) / scale;
  const double bottom = round((r.y + r.h) * scale) / scale;
  return rect(left, top, right - left, bottom - top);
}

static void
lay_parts(ViewLayout* const l)
{
  const double    sound    = l->h - header - controls - status;
  const double    right    = l->w - levels - margin;
  ViewRect* const part     = l->parts;
  part[VIEW_PART_HEADER]   = rect(0.0, 0.0, l->w, header);
  part[VIEW_PART_SOUND]    = rect(0.0, header, right, sound);
  part[VIEW_PART_LEVELS]   = rect(right, header, l->w - right, sound);
  part[VIEW_PART_CONTROLS] = rect(0.0, header + sound, l->w, controls);
  part[VIEW_PART_STATUS]   = rect(0.0, l->h - status, l->w, status);
  for (unsigned i = 0U; i < VIEW_N_PARTS; ++i) {
    part[i] = snapped(l->scale, part[i]);
  }
}

static void
lay_header(ViewLayout* const l)
{
  const double y               = 11.0;
  l->items[VIEW_ITEM_MODELS]   = rect(114.0, y, 238.0, 28.0);
  l->items[VIEW_ITEM_PRESETS]  = rect(362.0, y, 150.0, 28.0);
  l->items[GRUS_PARAM_ENABLED] = rect(l->w - margin - 128.0, y, 128.0, 28.0);
}

static void
lay_sound(ViewLayout* const l)
{
  const ViewRect* const part   = &l->parts[VIEW_PART_SOUND];
  const double          x      = margin + axis;
  const double          w      = part->w - x - gap;
  const double          fixed  = activity + reduction + times + (3.0 * gap);
  const double          height = 0.5 * (part->h - fixed);
  double                y      = part->y;

  for (unsigned i = 0U; i < 2U; ++i) {
    l->spectra[i] = snapped(l->scale, rect(x, y, w, height));
    y += height + gap;
  }
  l->activity = snapped(l->scale, rect(x, y, w, activity));
  y += activity + gap;
  l->reduction   = snapped(l->scale, rect(x, y, w, reduction));
  l->frequencies = rect(margin, part->y, axis, part->h - times);
  l->times       = rect(x, y + reduction, w, times);
}

static void
lay_levels(ViewLayout* const l)
{
  const ViewRect* const part    = &l->parts[VIEW_PART_LEVELS];
  const double          w       = 0.5 * (part->w - margin);
  l->items[VIEW_ITEM_LEVEL_IN]  = rect(part->x, part->y, w, part->h);
  l->items[VIEW_ITEM_LEVEL_OUT] = rect(part->x + w, part->y, w, part->h);
}

static void
lay_controls(ViewLayout* const l, const bool has_link)
{
  const ViewRect* const part  = &l->parts[VIEW_PART_CONTROLS];
  const double          y     = part->y + 10.0;
  const double          h     = part->h - 16.0;
  const double          extra = l->w - (double)VIEW_WIDTH; // To be spread
  double                x     = margin;

  l->items[GRUS_PARAM_REDUCTION] = rect(x, y, 142.0, h);
  x += 142.0 + gap + (0.25 * extra);
  l->gains                         = rect(x, y, 2.0 * knob + 8.0, h);
  l->items[GRUS_PARAM_INPUT_GAIN]  = rect(x + 4.0, y + 26.0, knob, h - 30.0);
  l->items[GRUS_PARAM_OUTPUT_GAIN] = l->items[GRUS_PARAM_INPUT_GAIN];
  l->items[GRUS_PARAM_OUTPUT_GAIN].x += knob;
  x += l->gains.w + gap + 2.0 + (0.25 * extra);
  l->gate = rect(x, y, 3.0 * knob + 8.0, h);
  for (unsigned i = 0U; i < 3U; ++i) {
    l->items[GRUS_PARAM_GATE + i] =
      rect(x + 4.0 + (i * knob), y + 26.0, knob, h - 30.0);
  }

  const double switches =
    l->w - margin - (x + l->gate.w + gap + 2.0 + (0.25 * extra));
  const double left           = l->w - margin - switches;
  double       top            = y;
  l->items[GRUS_PARAM_LISTEN] = rect(left, top, switches, 48.0);
  top += 52.0;
  l->items[GRUS_PARAM_EVEN_LOAD] = rect(left, top, switches, 48.0);
  top += 52.0;
  if (has_link) {
    l->items[GRUS_PARAM_LINK] = rect(left, top, switches, 48.0);
  }
}

void
view_layout(ViewLayout* const layout,
            const int         width,
            const int         height,
            const bool        has_link)
{
  memset(layout, 0, sizeof(*layout));
  const double wide = (double)width / VIEW_WIDTH;
  const double high = (double)height / VIEW_HEIGHT;
  layout->scale     = fmax(fmin(wide, high), 0.25);
  layout->w         = width / layout->scale;
  layout->h         = height / layout->scale;
  lay_parts(layout);
  lay_header(layout);
  lay_sound(layout);
  lay_levels(layout);
  lay_controls(layout, has_link);
  layout->items[VIEW_ITEM_CORNER] =
    rect(layout->w - corner, layout->h - corner, corner, corner);
}

bool
view_rect_has(const ViewRect* const r, const double x, const double y)
{
  return x >= r->x && y >= r->y && x < r->x + r->w && y < r->y + r->h;
}

ViewItem
view_layout_hit(const ViewLayout* const layout, const double x, const double y)
{
  for (unsigned i = 0U; i < VIEW_N_ITEMS; ++i) {
    if (view_rect_has(
          &layout->items[i], x / layout->scale, y / layout->scale)) {
      return (ViewItem)i;
    }
  }
  return VIEW_ITEM_NONE;
}

ViewRect
view_layout_choices(const ViewLayout* const layout, const ViewItem item)
{
  const ViewRect* const r = &layout->items[item];
  return rect(r->x, r->y + 19.0, r->w, 26.0);
}

unsigned
view_layout_choice(const ViewLayout* const layout,
                   const ViewItem          item,
                   const unsigned          n,
                   const double            x)
{
  const ViewRect* const r    = &layout->items[item];
  const double          part = ((x / layout->scale) - r->x) / r->w;
  return (unsigned)fmin(fmax(part * n, 0.0), (double)n - 1.0);
}

ViewRect
view_layout_menu(const ViewLayout* const layout,
                 const ViewItem          item,
                 const unsigned          index)
{
  const ViewRect* const r = &layout->items[item];
  return rect(r->x, r->y + r->h + 4.0 + (index * line), fmax(menu, r->w), line);
}

ViewItem
view_layout_next(const ViewLayout* const layout,
                 const ViewItem          item,
                 const int               by)
{
  static const ViewItem order[] = {
    VIEW_ITEM_MODELS,
    VIEW_ITEM_PRESETS,
    (ViewItem)GRUS_PARAM_ENABLED,
    (ViewItem)GRUS_PARAM_REDUCTION,
    (ViewItem)GRUS_PARAM_INPUT_GAIN,
    (ViewItem)GRUS_PARAM_OUTPUT_GAIN,
    (ViewItem)GRUS_PARAM_GATE,
    (ViewItem)GRUS_PARAM_GATE_HOLD,
    (ViewItem)GRUS_PARAM_GATE_RELEASE,
    (ViewItem)GRUS_PARAM_LISTEN,
    (ViewItem)GRUS_PARAM_EVEN_LOAD,
    (ViewItem)GRUS_PARAM_LINK,
  };
  const int n  = (int)(sizeof(order) / sizeof(order[0]));
  int       at = by > 0 ? n - 1 : 0;
  for (int i = 0; i < n; ++i) {
    at = order[i] == item ? i : at;
  }
  do {
    at = (at + n + by) % n;
  } while (layout->items[order[at]].w <= 0.0);
  return order[at];
}
