// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file ui_host.h

   A host of the plugin's window, by the LV2 UI interface alone, and the hands
   of the person before it: events that it sends to the window by way of X.
*/

#ifndef GRUS_TESTS_WINDOW_UI_HOST_H
#define GRUS_TESTS_WINDOW_UI_HOST_H

#include "lv2_host/host.h"

#include <lv2/ui/ui.h>

#include <stdbool.h>
#include <stdint.h>

enum { UI_MAX_PORTS = 64 };

/// One window, and what it has said
typedef struct {
  void*                   library;
  const LV2UI_Descriptor* descriptor;
  LV2UI_Handle            handle;
  LV2UI_Widget            widget;
  void*                   display; ///< Our own connection
  unsigned long           parent;
  Host*                   host; ///< Gets its messages, or null
  float                   values[UI_MAX_PORTS];
  unsigned                n_writes[UI_MAX_PORTS];
  unsigned                n_messages; ///< Of the plugin, which the window got
  uint32_t                largest;    ///< Bytes of the largest one
  unsigned                n_touches;
} UiHost;

/// Open the window in a shared library; false with words on stderr
bool
ui_host_open(UiHost* ui, const char* library, const char* uri, Host* host);

/// Close it; the library stays
void
ui_host_close(UiHost* ui);

/// Let the window do its work until X and it have nothing to tell each other
void
ui_host_idle(UiHost* ui);

/// Tell the window the value of a control port
void
ui_host_tell(UiHost* ui, uint32_t port, float value);

/// Press and release a button at a place in pixels, with Ctrl, Shift or none
void
ui_host_click(UiHost* ui, unsigned button, double x, double y, unsigned state);

/// Write what the window shows as PNG
bool
ui_host_save(UiHost* ui, const char* path);

/// Return a number that stands for what the window shows
uint64_t
ui_host_picture(UiHost* ui);

#endif // GRUS_TESTS_WINDOW_UI_HOST_H
