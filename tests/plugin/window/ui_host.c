// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#define _GNU_SOURCE

#include "window/ui_host.h"

#include "lv2_host/host.h"
#include "lv2_host/messages.h"
#include "lv2_host/uris.h"

#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <cairo-xlib.h>
#include <cairo.h>
#include <lv2/atom/atom.h>
#include <lv2/atom/util.h>
#include <lv2/core/lv2.h>
#include <lv2/ui/ui.h>
#include <lv2/urid/urid.h>

#include <dlfcn.h>
#include <unistd.h>

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NOTIFY_PORT = 1, WIDTH = 820, HEIGHT = 560 };

/// The window writes to a port
static void
take_write(const LV2UI_Controller controller,
           const uint32_t         port,
           const uint32_t         size,
           const uint32_t         protocol,
           const void* const      buffer)
{
  UiHost* const ui = (UiHost*)controller;
  if (!protocol && size == sizeof(float) && port < UI_MAX_PORTS) {
    memcpy(&ui->values[port], buffer, sizeof(float));
    ++ui->n_writes[port];
  } else if (protocol == urid(LV2_ATOM__eventTransfer) && ui->host) {
    host_send(ui->host, (const LV2_Atom*)buffer);
  }
}

/// The plugin tells something
static void
take_told(void* const handle, const LV2_Atom* const message)
{
  UiHost* const  ui   = (UiHost*)handle;
  const uint32_t size = lv2_atom_total_size(message);
  ++ui->n_messages;
  ui->largest = size > ui->largest ? size : ui->largest;
  ui->descriptor->port_event(
    ui->handle, NOTIFY_PORT, size, urid(LV2_ATOM__eventTransfer), message);
}

static void
take_touch(LV2UI_Feature_Handle handle, const uint32_t port, const bool held)
{
  UiHost* const ui = (UiHost*)handle;
  (void)port;
  (void)held;
  ++ui->n_touches;
}

static bool
load(UiHost* const ui, const char* const path)
{
  ui->library                   = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  LV2UI_DescriptorFunction find = NULL;
  void* const              symbol =
    ui->library ? dlsym(ui->library, "lv2ui_descriptor") : NULL;
  memcpy(&find, &symbol, sizeof(symbol));
  ui->descriptor = find ? find(0U) : NULL;
  if (!ui->descriptor) {
    fprintf(stderr, "ui_host: cannot load the window: %s\n", dlerror());
  }
  return ui->descriptor;
}

static void
open_parent(UiHost* const ui)
{
  Display* const display = XOpenDisplay(NULL);
  ui->display            = display;
  if (display) {
    ui->parent = XCreateSimpleWindow(
      display, DefaultRootWindow(display), 0, 0, WIDTH, HEIGHT, 0U, 0UL, 0UL);
    XMapWindow(display, ui->parent);
    XSync(display, False);
  }
}

bool
ui_host_open(UiHost* const     ui,
             const char* const library,
             const char* const uri,
             Host* const       host)
{
  memset(ui, 0, sizeof(*ui));
  ui->host = host;
  if (!load(ui, library)) {
    return false;
  }
  open_parent(ui);
  if (!ui->display) {
    fprintf(stderr, "ui_host: there is no display\n");
    return false;
  }

  LV2_URID_Map             map    = {NULL, map_uri};
  LV2UI_Touch              touch  = {ui, take_touch};
  const LV2_Feature        maps   = {LV2_URID__map, &map};
  const LV2_Feature        parent = {LV2_UI__parent, (void*)ui->parent};
  const LV2_Feature        held   = {LV2_UI__touch, &touch};
  const LV2_Feature* const list[] = {&maps, &parent, &held, NULL};
  char* const              folder = strdup(library);
  *strrchr(folder, '/')           = '\0';
  ui->handle                      = ui->descriptor->instantiate(
    ui->descriptor, uri, folder, take_write, ui, &ui->widget, list);
  free(folder);
  if (ui->handle && host) {
    host_listen(host, take_told, ui);
  }
  return ui->handle;
}

void
ui_host_close(UiHost* const ui)
{
  if (ui->host) {
    host_listen(ui->host, NULL, NULL);
  }
  ui->descriptor->cleanup(ui->handle);
  XCloseDisplay(ui->display);
  dlclose(ui->library);
}

void
ui_host_idle(UiHost* const ui)
{
  const LV2UI_Idle_Interface* const interface =
    (const LV2UI_Idle_Interface*)ui->descriptor->extension_data(
      LV2_UI__idleInterface);
  XSync(ui->display, False);
  for (unsigned i = 0U; i < 4U; ++i) { // More than a picture's time in all
    interface->idle(ui->handle);
    usleep(12000);
  }
}

void
ui_host_tell(UiHost* const ui, const uint32_t port, const float value)
{
  ui->descriptor->port_event(ui->handle, port, sizeof(value), 0U, &value);
}

void
ui_host_click(UiHost* const  ui,
              const unsigned button,
              const double   x,
              const double   y,
              const unsigned state)
{
  static Time now   = 1000U;
  XEvent      event = {0};
  now += 1000U; // No second click of a double one
  event.xbutton.type   = ButtonPress;
  event.xbutton.window = (Window)ui->widget;
  event.xbutton.button = button;
  event.xbutton.x      = (int)x;
  event.xbutton.y      = (int)y;
  event.xbutton.state  = state;
  event.xbutton.time   = now;
  XSendEvent(ui->display, (Window)ui->widget, False, ButtonPressMask, &event);
  event.xbutton.type = ButtonRelease;
  XSendEvent(ui->display, (Window)ui->widget, False, ButtonReleaseMask, &event);
  ui_host_idle(ui);
}

bool
ui_host_save(UiHost* const ui, const char* const path)
{
  Display* const display = ui->display;
  ui_host_idle(ui);
  XSync(display, False);
  cairo_surface_t* const surface =
    cairo_xlib_surface_create(display,
                              (Window)ui->widget,
                              DefaultVisual(display, DefaultScreen(display)),
                              WIDTH,
                              HEIGHT);
  const bool ok = !cairo_surface_write_to_png(surface, path);
  cairo_surface_destroy(surface);
  return ok;
}

uint64_t
ui_host_picture(UiHost* const ui)
{
  ui_host_idle(ui);
  XSync(ui->display, False);
  XImage* const image = XGetImage(
    ui->display, (Window)ui->widget, 0, 0, WIDTH, HEIGHT, AllPlanes, ZPixmap);
  uint64_t hash = 14695981039346656037U;
  for (int i = 0; image && i < image->bytes_per_line * HEIGHT; ++i) {
    hash = (hash ^ (unsigned char)image->data[i]) * 1099511628211U;
  }
  if (image) {
    XDestroyImage(image);
  }
  return hash;
}
