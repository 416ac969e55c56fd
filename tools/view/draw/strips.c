// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "view/draw/strips.h"

#include "view/draw/layout.h"
#include "view/draw/theme.h"
#include "view/model/history.h"

#include <cairo.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/// Rows of pixels that one strip takes
typedef struct {
  int from;
  int to;
} Rows;

struct ViewStripsImpl {
  cairo_surface_t* surface; ///< A ring of pixel columns
  int              width;   ///< Pixels
  int              height;
  uint64_t         drawn; ///< Pixel columns since the beginning
  bool             stale;
};

/// What pixels are made from
typedef struct {
  const ViewTheme*   theme;
  const ViewHistory* history;
  uint32_t*          pixels; ///< Of one column, `stride` apart
  size_t             stride;
} Brush;

ViewStrips*
view_strips_new(void)
{
  return (ViewStrips*)calloc(1U, sizeof(ViewStrips));
}

void
view_strips_free(ViewStrips* const strips)
{
  if (strips) {
    cairo_surface_destroy(strips->surface);
    free(strips);
  }
}

void
view_strips_reset(ViewStrips* const strips)
{
  strips->stale = true;
}

/// Return the pixel rows of a rectangle, from the top of the first spectrum
static Rows
rows_of(const ViewLayout* const layout, const ViewRect* const rect)
{
  const double top  = layout->spectra[0].y;
  const Rows   rows = {(int)lround((rect->y - top) * layout->scale),
                       (int)lround((rect->y + rect->h - top) * layout->scale)};
  return rows;
}

static void
fill(const Brush* const brush, const Rows rows, const uint32_t color)
{
  for (int y = rows.from; y < rows.to; ++y) {
    brush->pixels[(size_t)y * brush->stride] = color;
  }
}

/// Draw a spectrum, low tones at the bottom, between the values of its rows
static void
draw_spectrum(const Brush* const   brush,
              const Rows           rows,
              const uint8_t* const values)
{
  const double step = (double)VIEW_ROWS / (rows.to - rows.from);
  for (int y = rows.from; y < rows.to; ++y) {
    const double at    = fmax(((rows.to - y - 0.5) * step) - 0.5, 0.0);
    const int    below = (int)at;
    const int    above = below + 1 < VIEW_ROWS ? below + 1 : below;
    const double part  = at - below;
    const double value =
      ((1.0 - part) * values[below]) + (part * values[above]);
    brush->pixels[(size_t)y * brush->stride] =
      brush->theme->levels[(unsigned)value & 0xffU];
  }
}

/// Return a colour between two, the nearer to the second the larger `part`
static uint32_t
blend(const uint32_t from, const uint32_t to, const uint32_t part)
{
  uint32_t color = 0U;
  for (unsigned shift = 0U; shift < 24U; shift += 8U) {
    const uint32_t a = (from >> shift) & 0xffU;
    const uint32_t b = (to >> shift) & 0xffU;
    color |= (((a * (255U - part)) + (b * part)) / 255U) << shift;
  }
  return color;
}

/// Draw how much is taken away, hanging from the top
static void
draw_reduction(const Brush* const brush, const Rows rows, const uint8_t value)
{
  const double depth = (rows.to - rows.from) * value / 255.0;
  for (int y = rows.from; y < rows.to; ++y) {
    const double covered = fmin(fmax(depth - (y - rows.from), 0.0), 1.0);
    brush->pixels[(size_t)y * brush->stride] = blend(
      brush->theme->well, brush->theme->accent, (uint32_t)(255.0 * covered));
  }
}

static void
draw_column(const Brush* const      brush,
            const ViewLayout* const layout,
            const ViewColumn* const column)
{
  const Rows activity = rows_of(layout, &layout->activity);
  fill(brush,
       (Rows){0, rows_of(layout, &layout->reduction).to},
       brush->theme->ground);
  draw_spectrum(brush, rows_of(layout, &layout->spectra[0]), column->in);
  draw_spectrum(brush, rows_of(layout, &layout->spectra[1]), column->out);
  fill(brush,
       activity,
       blend(brush->theme->well, brush->theme->voice, column->activity));
  draw_reduction(brush, rows_of(layout, &layout->reduction), column->reduction);
}

/// Return a surface of the right size, all of whose columns are still to draw
static bool
make_surface(ViewStrips* const strips, const int width, const int height)
{
  if (strips->surface && !strips->stale && strips->width == width &&
      strips->height == height) {
    return true;
  }

  cairo_surface_destroy(strips->surface);
  strips->surface =
    cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
  strips->width  = width;
  strips->height = height;
  strips->drawn  = 0U;
  strips->stale  = false;
  return cairo_surface_status(strips->surface) == CAIRO_STATUS_SUCCESS;
}

/// Draw the pixel columns for which there is sound now
static void
draw_new(ViewStrips* const       strips,
         const ViewLayout* const layout,
         const Brush* const      colors)
{
  static const ViewColumn silence;
  const uint64_t          width = (uint64_t)strips->width;
  const uint64_t          count = view_history_count(colors->history);
  const uint64_t          end   = width + (count * width / VIEW_COLUMNS);
  cairo_surface_flush(strips->surface);
  uint32_t* const pixels =
    (uint32_t*)(void*)cairo_image_surface_get_data(strips->surface);
  Brush brush = *colors;
  brush.stride =
    (size_t)cairo_image_surface_get_stride(strips->surface) / sizeof(uint32_t);

  if (end - strips->drawn > width) {
    strips->drawn = end - width;
  }
  for (uint64_t p = strips->drawn; p < end; ++p) {
    // What lies before the beginning is silence
    const ViewColumn* const column =
      p >= width ? view_history_column(colors->history,
                                       (p - width) * VIEW_COLUMNS / width)
                 : NULL;
    brush.pixels = pixels + (p % width);
    draw_column(&brush, layout, column ? column : &silence);
  }
  strips->drawn = end;
  cairo_surface_mark_dirty(strips->surface);
}

/// Paint pixel columns from..to of the ring at a place
static void
paint_piece(const ViewStrips* const strips,
            cairo_t* const          cr,
            const int               from,
            const int               to,
            const double            x,
            const double            y)
{
  cairo_set_source_surface(cr, strips->surface, x - from, y);
  cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
  cairo_rectangle(cr, x, y, to - from, strips->height);
  cairo_fill(cr);
}

void
view_strips_paint(ViewStrips* const        strips,
                  cairo_t* const           cr,
                  const ViewLayout* const  layout,
                  const ViewTheme* const   theme,
                  const ViewHistory* const history)
{
  const ViewRect* const first  = &layout->spectra[0];
  const int             width  = (int)lround(first->w * layout->scale);
  const int             height = rows_of(layout, &layout->reduction).to;
  const Brush           colors = {theme, history, NULL, 0U};
  if (width < 1 || height < 1 || !make_surface(strips, width, height)) {
    return;
  }

  draw_new(strips, layout, &colors);
  const int    oldest = (int)(strips->drawn % (uint64_t)width);
  const double x      = round(first->x * layout->scale);
  const double y      = round(first->y * layout->scale);
  cairo_save(cr);
  cairo_identity_matrix(cr);
  paint_piece(strips, cr, oldest, width, x, y);
  paint_piece(strips, cr, 0, oldest, x + (width - oldest), y);
  cairo_restore(cr);
}
