// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "view/window/window.h"

#include "view/draw/draw.h"
#include "view/draw/layout.h"
#include "view/draw/strips.h"
#include "view/draw/theme.h"
#include "view/model/values.h"
#include "view/window/events.h"
#include "view/window/impl.h"
#include "view/window/input.h"

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <cairo-xlib.h>
#include <cairo.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>

static const double frame_seconds = 1.0 / 30.0;
static const double look_seconds = 1.0; ///< From one look at whether it is seen

/// The host may have closed our parent, which must not end the host.  All
/// answers of our own connection are read while this is in force.
static int
ignore_error(Display* const display, XErrorEvent* const error)
{
  (void)display;
  (void)error;
  return 0;
}

/// Return the scale that the screen's resolution asks for
static double
screen_scale(Display* const display)
{
  const char* const dpi   = XGetDefault(display, "Xft", "dpi");
  const double      scale = dpi ? strtod(dpi, NULL) / 96.0 : 1.0;
  return scale >= 0.5 && scale <= 8.0 ? scale : 1.0;
}

/// Make everything that depends on the size
static bool
make_back(ViewWindow* const w)
{
  cairo_surface_destroy(w->back);
  w->back = cairo_image_surface_create(CAIRO_FORMAT_RGB24, w->width, w->height);
  cairo_xlib_surface_set_size(w->front, w->width, w->height);
  view_layout(&w->layout, w->width, w->height, w->values->has_link);
  w->input.changed = true;
  return cairo_surface_status(w->back) == CAIRO_STATUS_SUCCESS;
}

static void
set_hints(const ViewWindow* const w, const char* const title)
{
  XSizeHints hints  = {0};
  hints.flags       = PMinSize | PBaseSize;
  hints.min_width   = VIEW_MIN_WIDTH;
  hints.min_height  = VIEW_MIN_HEIGHT;
  hints.base_width  = w->width;
  hints.base_height = w->height;
  XSetWMNormalHints(w->display, w->id, &hints);
  XStoreName(w->display, w->id, title ? title : "Grus");
}

static bool
make_window(ViewWindow* const w, const ViewWindowConfig* const config)
{
  const int    screen = DefaultScreen(w->display);
  const Window parent =
    config->parent ? config->parent : RootWindow(w->display, screen);
  w->parent = config->parent;
  w->id     = XCreateSimpleWindow(w->display,
                              parent,
                              0,
                              0,
                              (unsigned)w->width,
                              (unsigned)w->height,
                              0U,
                              0UL,
                              0UL);
  XSetWindowBackgroundPixmap(w->display, w->id, None); // It would flicker
  XSelectInput(w->display,
               w->id,
               ButtonPressMask | ButtonReleaseMask | ExposureMask |
                 KeyPressMask | LeaveWindowMask | PointerMotionMask |
                 StructureNotifyMask | VisibilityChangeMask);
  w->delete_atom = XInternAtom(w->display, "WM_DELETE_WINDOW", False);
  XSetWMProtocols(w->display, w->id, &w->delete_atom, 1);
  set_hints(w, config->title);
  XMapRaised(w->display, w->id);
  w->front = cairo_xlib_surface_create(
    w->display, w->id, DefaultVisual(w->display, screen), w->width, w->height);
  XSync(w->display, False);
  return make_back(w);
}

static ViewWindow*
open_window(ViewWindow* const w, const ViewWindowConfig* const config)
{
  const double wanted =
    config->scale > 0.0 ? config->scale : screen_scale(w->display);
  const double scale = fmin(fmax(wanted, 0.75), 4.0);
  w->width           = (int)lround(scale * VIEW_WIDTH);
  w->height          = (int)lround(scale * VIEW_HEIGHT);
  w->strips          = view_strips_new();
  w->regular         = cairo_toy_font_face_create(
    "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
  w->bold = cairo_toy_font_face_create(
    "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_BOLD);
  view_theme(&w->theme, config->is_light);
  view_input_init(&w->input, w->values, &w->layout, &config->owner);
  w->input.presets = config->presets;
  w->input.models  = config->models;
  w->drawn_at      = -HUGE_VAL;
  w->looked_at     = -HUGE_VAL;
  return w->strips && make_window(w, config) ? w : NULL;
}

ViewWindow*
view_window_new(const ViewWindowConfig* const config, ViewValues* const values)
{
  ViewWindow* const w = (ViewWindow*)calloc(1U, sizeof(ViewWindow));
  if (!w) {
    return NULL;
  }

  XErrorHandler const others = XSetErrorHandler(ignore_error);
  w->values                  = values;
  w->display                 = XOpenDisplay(NULL);
  ViewWindow* const opened   = w->display ? open_window(w, config) : NULL;
  XSetErrorHandler(others);
  if (!opened) {
    view_window_free(w);
  }
  return opened;
}

void
view_window_free(ViewWindow* const w)
{
  if (!w) {
    return;
  }

  XErrorHandler const others = XSetErrorHandler(ignore_error);
  cairo_surface_destroy(w->front);
  cairo_surface_destroy(w->back);
  cairo_font_face_destroy(w->regular);
  cairo_font_face_destroy(w->bold);
  view_strips_free(w->strips);
  if (w->display) {
    XCloseDisplay(w->display); // Closes the window, if the host has not yet
  }
  XSetErrorHandler(others);
  free(w);
}

unsigned long
view_window_id(const ViewWindow* const w)
{
  return w->id;
}

void
view_window_size(const ViewWindow* const w, int* const width, int* const height)
{
  *width  = w->width;
  *height = w->height;
}

void
view_window_set_size(ViewWindow* const w, const int width, const int height)
{
  XErrorHandler const others = XSetErrorHandler(ignore_error);
  XResizeWindow(
    w->display,
    w->id,
    (unsigned)(width > VIEW_MIN_WIDTH ? width : VIEW_MIN_WIDTH),
    (unsigned)(height > VIEW_MIN_HEIGHT ? height : VIEW_MIN_HEIGHT));
  XFlush(w->display);
  XSetErrorHandler(others);
}

ViewItem
view_window_held(const ViewWindow* const w)
{
  return w->input.drag;
}

/// Return the bits of the parts in which something has changed
static unsigned
stale_parts(const ViewWindow* const w)
{
  const unsigned changes = w->values->changes;
  unsigned       parts   = 0U;
  if (w->input.changed) {
    return (1U << VIEW_N_PARTS) - 1U;
  }
  if (changes & VIEW_CHANGED_PARAMS) {
    parts |= (1U << VIEW_PART_CONTROLS) | (1U << VIEW_PART_HEADER);
  }
  if (changes & VIEW_CHANGED_SOUND) {
    parts |= 1U << VIEW_PART_SOUND;
  }
  if (changes & VIEW_CHANGED_LEVELS) {
    parts |= 1U << VIEW_PART_LEVELS;
  }
  if (changes & VIEW_CHANGED_TEXTS) {
    parts |= (1U << VIEW_PART_STATUS) | (1U << VIEW_PART_HEADER);
  }
  return parts;
}

static ViewScene
scene_of(const ViewWindow* const w)
{
  const ViewScene scene = {w->values,
                           &w->layout,
                           &w->theme,
                           w->strips,
                           w->regular,
                           w->bold,
                           w->input.focus,
                           w->input.hot,
                           w->input.edit,
                           w->input.typed,
                           w->input.menu,
                           w->input.tip};
  return scene;
}

/// Copy what was drawn to the screen, all of it where something lies over it
static void
show(const ViewWindow* const w, const unsigned parts, const bool all)
{
  cairo_t* const cr = cairo_create(w->front);
  for (unsigned i = 0U; i < VIEW_N_PARTS; ++i) {
    const ViewRect* const r = &w->layout.parts[i];
    const double          s = w->layout.scale;
    if (parts & (1U << i)) {
      cairo_rectangle(
        cr, round(r->x * s), round(r->y * s), round(r->w * s), round(r->h * s));
    }
  }
  if (!all) {
    cairo_clip(cr);
  }
  cairo_set_source_surface(cr, w->back, 0.0, 0.0);
  cairo_set_operator(cr, CAIRO_OPERATOR_SOURCE);
  cairo_paint(cr);
  cairo_destroy(cr);
  cairo_surface_flush(w->front);
  XFlush(w->display);
}

static void
draw(ViewWindow* const w, const unsigned parts)
{
  const ViewScene scene = scene_of(w);
  cairo_t* const  cr    = cairo_create(w->back);
  view_draw(cr, &scene, parts);
  cairo_destroy(cr);
  const bool covered =
    scene.tip != VIEW_ITEM_NONE || scene.menu.item != VIEW_ITEM_NONE;
  show(w, parts, covered || w->exposed);
  w->values->changes = 0U;
  w->input.changed   = false;
  w->exposed         = false;
}

/// Ask now and then whether the host has hidden a window that we lie in
static void
look_whether_seen(ViewWindow* const w, const double now)
{
  if (now - w->looked_at >= look_seconds) {
    XWindowAttributes attributes;
    w->looked_at = now;
    w->seen      = XGetWindowAttributes(w->display, w->id, &attributes) &&
              attributes.map_state == IsViewable;
  }
}

bool
view_window_idle(ViewWindow* const w, const double now)
{
  XErrorHandler const others = XSetErrorHandler(ignore_error);
  w->now                     = now;
  events_run(w);
  if (!w->closed) {
    if (w->resized) {
      w->resized = false;
      make_back(w);
    }
    look_whether_seen(w, now);
    view_input_wait(&w->input, now);
    view_let_fall(w->values, now);
    const unsigned parts = stale_parts(w);
    if ((parts || w->exposed) && w->seen && !w->covered &&
        now - w->drawn_at >= frame_seconds) {
      w->drawn_at = now;
      draw(w, parts);
    }
  }
  XSetErrorHandler(others);
  return !w->closed;
}
