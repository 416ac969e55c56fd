// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "sound/measure/spectrogram_png.h"

#include "cli/say.h"
#include "files/output.h"
#include "sound/measure/spectrogram.h"

#include <cairo.h>

#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum {
  WIDTH  = 1500,
  HEIGHT = 900,
  LEFT   = 80,
  RIGHT  = 110,
  TOP    = 50,
  GAP    = 70,
  PANEL  = (HEIGHT - TOP - (2 * GAP)) / 2,
  INNER  = WIDTH - LEFT - RIGHT,
};

static const double darkest   = -110.0; ///< dB
static const double brightest = -20.0;  ///< dB

/// Five points of a scale from black through violet and orange to white
static const double colours[5][3] = {{0.00, 0.00, 0.02},
                                     {0.32, 0.07, 0.48},
                                     {0.72, 0.21, 0.47},
                                     {0.99, 0.53, 0.38},
                                     {0.99, 0.99, 0.75}};

static uint32_t
colour(const double level)
{
  const double share =
    fmin(fmax((level - darkest) / (brightest - darkest), 0.0), 1.0);
  const size_t i   = share >= 1.0 ? 3U : (size_t)(share * 4.0);
  const double f   = (share * 4.0) - (double)i;
  uint32_t     rgb = 0U;
  for (size_t c = 0U; c < 3U; ++c) {
    const double v = (colours[i][c] * (1.0 - f)) + (colours[i + 1U][c] * f);
    rgb            = (rgb << 8U) | (uint32_t)lround(255.0 * v);
  }
  return rgb;
}

static void
draw_sound(cairo_surface_t* const   surface,
           const Spectrogram* const s,
           const int                y)
{
  const int      stride  = cairo_image_surface_get_stride(surface);
  const size_t   columns = spectrogram_columns(s);
  const size_t   rows    = spectrogram_rows(s);
  uint8_t* const pixels  = cairo_image_surface_get_data(surface);

  cairo_surface_flush(surface);
  for (int j = 0; j < PANEL; ++j) {
    uint32_t* const line =
      (uint32_t*)(void*)(pixels + ((size_t)(y + j) * (size_t)stride));
    const size_t row = (size_t)(PANEL - 1 - j) * rows / PANEL;
    for (int i = 0; i < INNER; ++i) {
      const size_t column = (size_t)i * columns / INNER;
      line[LEFT + i] = columns ? colour(spectrogram_level(s, column, row)) : 0U;
    }
  }
  cairo_surface_mark_dirty(surface);
}

static void
draw_text(cairo_t* const    cr,
          const double      x,
          const double      y,
          const double      anchor,
          const char* const text)
{
  cairo_text_extents_t extents;
  cairo_text_extents(cr, text, &extents);
  cairo_move_to(cr, x - (anchor * extents.x_advance), y);
  cairo_show_text(cr, text);
}

/// Return a round distance that divides `range` into about `n` parts
static double
round_step(const double range, const double n)
{
  const double power = pow(10.0, floor(log10(range / n)));
  const double part  = range / n / power;
  return power * (part > 5.0   ? 10.0
                  : part > 2.0 ? 5.0
                  : part > 1.0 ? 2.0
                               : 1.0);
}

static void
draw_axes(cairo_t* const           cr,
          const Spectrogram* const s,
          const int                y,
          const char* const        title)
{
  const double seconds = fmax(spectrogram_seconds(s), 0.01);
  const double top     = spectrogram_top(s) / 1000.0;
  const double dx      = round_step(seconds, 12.0);
  const double dy      = round_step(top, 6.0);
  char         text[32];

  cairo_set_font_size(cr, 18.0);
  draw_text(cr, LEFT, y - 10, 0.0, title);
  cairo_set_font_size(cr, 14.0);
  for (double t = 0.0; t <= seconds; t += dx) {
    const double x = LEFT + (INNER * t / seconds);
    snprintf(text, sizeof(text), "%g s", t);
    draw_text(cr, x, y + PANEL + 20, 0.5, text);
    cairo_rectangle(cr, x, y + PANEL, 1.0, 5.0);
  }
  for (double f = 0.0; f <= top; f += dy) {
    const double place = y + PANEL - (PANEL * f / top);
    snprintf(text, sizeof(text), "%g kHz", f);
    draw_text(cr, LEFT - 10, place + 5, 1.0, text);
    cairo_rectangle(cr, LEFT - 5, place, 5.0, 1.0);
  }
  cairo_fill(cr);
}

static void
draw_scale(cairo_t* const cr)
{
  const double x = WIDTH - RIGHT + 25;
  char         text[32];

  for (int j = 0; j < PANEL; ++j) {
    const double level =
      darkest + ((brightest - darkest) * (PANEL - j) / PANEL);
    const uint32_t rgb = colour(level);
    cairo_set_source_rgb(cr,
                         (rgb >> 16U) / 255.0,
                         ((rgb >> 8U) & 255U) / 255.0,
                         (rgb & 255U) / 255.0);
    cairo_rectangle(cr, x, TOP + j, 15.0, 1.0);
    cairo_fill(cr);
  }

  cairo_set_source_rgb(cr, 0.0, 0.0, 0.0);
  for (int level = -100; level <= -20; level += 20) {
    snprintf(text, sizeof(text), "%d dB", level);
    draw_text(cr,
              x + 22.0,
              TOP + 5 + (PANEL * (brightest - level) / (brightest - darkest)),
              0.0,
              text);
  }
}

static cairo_status_t
write_png(void* const                file,
          const unsigned char* const data,
          const unsigned             size)
{
  return output_file_write((OutputFile*)file, data, size)
           ? CAIRO_STATUS_WRITE_ERROR
           : CAIRO_STATUS_SUCCESS;
}

int
picture_write(OutputFile* const        file,
              const Spectrogram* const before,
              const Spectrogram* const after)
{
  cairo_surface_t* const surface =
    cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
  cairo_t* const cr = cairo_create(surface);
  const int      y  = TOP + PANEL + GAP;

  cairo_set_source_rgb(cr, 1.0, 1.0, 1.0);
  cairo_paint(cr);
  draw_sound(surface, before, TOP);
  draw_sound(surface, after, y);
  cairo_set_source_rgb(cr, 0.0, 0.0, 0.0);
  draw_axes(cr, before, TOP, "before");
  draw_axes(cr, after, y, "after");
  draw_scale(cr);

  const cairo_status_t st =
    cairo_surface_write_to_png_stream(surface, write_png, file);
  cairo_destroy(cr);
  cairo_surface_destroy(surface);
  return st ? say_error(EXIT_FAILED,
                        "cannot write picture \"%s\": %s",
                        file->path,
                        file->error ? strerror(file->error)
                                    : cairo_status_to_string(st))
            : EXIT_OK;
}
