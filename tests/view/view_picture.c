// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/*
  Draws the view into a PNG file, or compares the picture with one:

    view_picture full OUT.png WIDTH HEIGHT dark|light STATE FONT [IN.raw
  OUT.raw] view_picture small OUT.png ...     a quarter as wide and high at
  scale 1 view_picture like STORED.png ...   with one that is small

  STATE is plain, menu, tip, edit, error or mono.  FONT is boxes, whose letters
  are boxes of one width and look the same everywhere, or the name of a font.
  The sounds are raw 16-bit samples of one channel at 48 kHz, of which the last
  ten seconds are shown; without them a sweep comes in, and half of it out.
*/

#include "grus/params.h"
#include "view/draw/draw.h"
#include "view/draw/layout.h"
#include "view/draw/strips.h"
#include "view/draw/theme.h"
#include "view/model/history.h"
#include "view/model/values.h"

#include <cairo.h>

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RATE = 48000, HOP = 800, N = 10 * RATE };

static int16_t sound[2][N];

static cairo_status_t
draw_glyph(cairo_scaled_font_t*  font,
           unsigned long         glyph,
           cairo_t*              cr,
           cairo_text_extents_t* extents)
{
  (void)font;
  extents->x_advance = 0.56;
  if (glyph != ' ') {
    cairo_rectangle(cr, 0.06, -0.54, 0.44, 0.54);
    cairo_fill(cr);
  }
  return CAIRO_STATUS_SUCCESS;
}

static cairo_font_face_t*
make_font(const char* const name, const cairo_font_weight_t weight)
{
  if (strcmp(name, "boxes") != 0) {
    return cairo_toy_font_face_create(name, CAIRO_FONT_SLANT_NORMAL, weight);
  }
  cairo_font_face_t* const face = cairo_user_font_face_create();
  cairo_user_font_face_set_render_glyph_func(face, draw_glyph);
  return face;
}

/// A sweep with pauses, and hum that does not come out
static void
make_sound(void)
{
  double phase = 0.0;
  for (int i = 0; i < N; ++i) {
    const double t    = (double)i / RATE;
    const double tone = fmod(t, 2.0) < 1.4 ? 0.3 * sin(phase) : 0.0;
    phase += 6.283185307 * 120.0 * pow(2.0, 0.65 * t) / RATE;
    sound[0][i] = (int16_t)(32767.0 * (tone + (0.02 * sin(314.16 * t))));
    sound[1][i] = (int16_t)(32767.0 * tone);
  }
}

static bool
read_tail(const char* const path, int16_t* const samples)
{
  FILE* const file = fopen(path, "rb");
  bool        ok =
    file && (!fseek(file, -2L * N, SEEK_END) || !fseek(file, 0L, SEEK_SET));
  ok = ok && fread(samples, 2U, N, file) > RATE;
  if (file) {
    fclose(file);
  }
  return ok;
}

static void
add_sound(ViewValues* const values)
{
  view_history_set_sound(values->history, RATE, 0U);
  for (int i = 0; i + HOP <= N; i += HOP) {
    double power[2] = {1e-9, 1e-9};
    for (unsigned s = 0U; s < 2U; ++s) {
      for (int k = 0; k < HOP; ++k) {
        power[s] += (double)sound[s][i + k] * sound[s][i + k];
      }
    }
    const double loud = 10.0 * log10(power[1] / HOP / (32768.0 * 32768.0));
    const double less = 10.0 * log10(power[0] / power[1]);
    const double now  = (double)i / RATE;
    view_set_meter(
      values, GRUS_METER_ACTIVITY, (float)((loud + 50.0) / 15.0), now);
    view_set_meter(values, GRUS_METER_REDUCTION, (float)less, now);
    view_add_sound(values, sound[0] + i, sound[1] + i, HOP);
  }
}

static void
set_values(ViewValues* const values, const char* const state)
{
  view_set_param(values, GRUS_PARAM_REDUCTION, 36.0f);
  view_set_param(values, GRUS_PARAM_OUTPUT_GAIN, 3.0f);
  view_set_param(values, GRUS_PARAM_GATE, 0.3f);
  view_set_meter(values, GRUS_METER_INPUT_LEVEL, -4.0f, 10.0);
  view_set_meter(values, GRUS_METER_INPUT_LEVEL, -14.0f, 10.0);
  view_set_meter(values, GRUS_METER_OUTPUT_LEVEL, -9.0f, 10.0);
  view_set_load(values, 3.4f, 8.1f);
  view_set_latency(values, 1536.0f);
  values->sample_rate = RATE;
  view_set_model(values, "Grus Voice", "CC-BY-4.0", "");
  if (!strcmp(state, "error")) {
    view_set_meter(values, GRUS_METER_OUTPUT_LEVEL, 1.0f, 10.0);
    view_set_param(values, GRUS_PARAM_ENABLED, 0.0f);
    view_set_model(values,
                   "A model with a very long name that somebody gave it",
                   "CC-BY-4.0",
                   "model \"/home/me/other.safetensors\": it is not a model");
  }
}

/// Return a picture whose pixels are the means of squares of another
static cairo_surface_t*
reduce(cairo_surface_t* const surface, const int by)
{
  const int              width  = cairo_image_surface_get_width(surface) / by;
  const int              height = cairo_image_surface_get_height(surface) / by;
  cairo_surface_t* const small =
    cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
  const unsigned char* const from = cairo_image_surface_get_data(surface);
  unsigned char* const       to   = cairo_image_surface_get_data(small);
  const int from_stride           = cairo_image_surface_get_stride(surface);
  const int to_stride             = cairo_image_surface_get_stride(small);
  for (int i = 0; i < width * height * 4; ++i) {
    const int x   = i / 4 % width;
    const int y   = i / 4 / width;
    unsigned  sum = 0U;
    for (int k = 0; k < by * by; ++k) {
      sum += from[(((y * by) + (k / by)) * from_stride) +
                  (((x * by) + (k % by)) * 4) + (i % 4)];
    }
    to[(y * to_stride) + (x * 4) + (i % 4)] =
      (unsigned char)(sum / (unsigned)(by * by));
  }
  cairo_surface_mark_dirty(small);
  return small;
}

/// Print how far two small pictures are apart; the test knows the tolerance
static bool
compare(cairo_surface_t* const small, const char* const path)
{
  cairo_surface_t* const stored = cairo_image_surface_create_from_png(path);
  const int              width  = cairo_image_surface_get_width(small);
  const int              height = cairo_image_surface_get_height(small);
  if (cairo_image_surface_get_width(stored) != width ||
      cairo_image_surface_get_height(stored) != height) {
    fprintf(stderr, "view_picture: %s has another size\n", path);
    return false;
  }

  const int                  stride  = cairo_image_surface_get_stride(small);
  const unsigned char* const a       = cairo_image_surface_get_data(small);
  const unsigned char* const b       = cairo_image_surface_get_data(stored);
  long                       sum     = 0;
  int                        largest = 0;
  for (int i = 0; i < width * height * 4; ++i) {
    const int place      = (i / (4 * width) * stride) + (i % (4 * width));
    const int difference = i % 4 == 3 ? 0 : abs(a[place] - b[place]);
    sum += difference;
    largest = difference > largest ? difference : largest;
  }
  printf("%.4f %d\n", (double)sum / (width * height * 3), largest);
  cairo_surface_destroy(stored);
  return true;
}

static bool
finish(cairo_surface_t* const surface, const char* const mode, const char* path)
{
  if (!strcmp(mode, "full")) {
    return !cairo_surface_write_to_png(surface, path);
  }
  const int by = cairo_image_surface_get_width(surface) * 4 / VIEW_WIDTH;
  cairo_surface_t* const small = reduce(surface, by);
  const bool             ok    = !strcmp(mode, "like")
                                   ? compare(small, path)
                                   : !cairo_surface_write_to_png(small, path);
  cairo_surface_destroy(small);
  return ok;
}

int
main(const int argc, char** const argv)
{
  static const char* const lines[] = {
    "Gentle", "Podcast", "Call", "Strong", "Gate"};
  if (argc != 8 && argc != 10) {
    fprintf(stderr, "view_picture: wrong arguments\n");
    return EXIT_FAILURE;
  }
  const int   width  = atoi(argv[3]);
  const int   height = atoi(argv[4]);
  const char* state  = argv[6];
  ViewValues  values;
  ViewLayout  layout;
  ViewTheme   theme;
  bool        ok = view_values_init(&values, strcmp(state, "mono") != 0);
  make_sound();
  ok = ok && (argc < 10 ||
              (read_tail(argv[8], sound[0]) && read_tail(argv[9], sound[1])));
  add_sound(&values);
  set_values(&values, state);
  view_layout(&layout, width, height, values.has_link);
  view_theme(&theme, !strcmp(argv[5], "light"));

  ViewScene scene = {&values,
                     &layout,
                     &theme,
                     view_strips_new(),
                     make_font(argv[7], CAIRO_FONT_WEIGHT_NORMAL),
                     make_font(argv[7], CAIRO_FONT_WEIGHT_BOLD),
                     VIEW_ITEM_NONE,
                     VIEW_ITEM_NONE,
                     VIEW_ITEM_NONE,
                     "",
                     {VIEW_ITEM_NONE, lines, 5U, 1U},
                     VIEW_ITEM_NONE};
  if (!strcmp(state, "menu")) {
    scene.menu.item = VIEW_ITEM_PRESETS;
    scene.focus     = VIEW_ITEM_PRESETS;
  } else if (!strcmp(state, "tip")) {
    scene.tip   = (ViewItem)GRUS_PARAM_GATE_RELEASE;
    scene.hot   = scene.tip;
    scene.focus = (ViewItem)GRUS_PARAM_EVEN_LOAD;
  } else if (!strcmp(state, "edit")) {
    scene.edit  = (ViewItem)GRUS_PARAM_REDUCTION;
    scene.focus = scene.edit;
    scene.typed = "24";
  }

  cairo_surface_t* const surface =
    cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
  cairo_t* const cr = cairo_create(surface);
  view_draw(cr, &scene, (1U << VIEW_N_PARTS) - 1U);
  cairo_destroy(cr);
  cairo_surface_flush(surface);
  ok = ok && finish(surface, argv[1], argv[2]);
  cairo_surface_destroy(surface);
  view_strips_free(scene.strips);
  cairo_font_face_destroy(scene.regular);
  cairo_font_face_destroy(scene.bold);
  view_values_clear(&values);
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}
