// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// The plugin's window, as its parts share it

#ifndef GRUS_PLUGIN_WINDOW_UI_H
#define GRUS_PLUGIN_WINDOW_UI_H

#include "host/presets.h"
#include "ports.h"
#include "uris.h"
#include "view/draw/layout.h"
#include "view/model/values.h"
#include "view/window/window.h"

#include "grus/params.h"

#include <lv2/atom/forge.h>
#include <lv2/ui/ui.h>
#include <lv2/urid/urid.h>

#include <stdint.h>

enum { UI_NAME_SIZE = 32, UI_PATH_SIZE = 4096 };

/// The texts of a menu
typedef struct {
  char        texts[VIEW_MENU_MAX][UI_NAME_SIZE];
  const char* lines[VIEW_MENU_MAX];
  unsigned    n;
} UiMenu;

/// One window
typedef struct {
  LV2UI_Write_Function write;
  LV2UI_Controller     controller;
  LV2UI_Resize*        resize; ///< Null where the host has none
  LV2UI_Touch*         touch;  ///< Likewise
  Uris                 uris;
  LV2_Atom_Forge       forge;
  Port                 ports[MAX_PORTS];
  uint32_t             n_ports;
  uint32_t             param_ports[GRUS_N_PARAMS];
  char                 bundle_path[UI_PATH_SIZE];
  Presets*             presets; ///< Null where their file cannot be read
  UiMenu               preset_menu;
  UiMenu               model_menu;
  ViewValues           values;
  ViewWindow*          window;
  double watched_at; ///< When the plugin last heard of us, seconds
} Ui;

/// Fill both menus
void
ui_fill_menus(Ui* ui);

/// Do what a line of a menu says, for ViewOwner
void
ui_choose(void* handle, ViewItem item, unsigned index);

/// Set a parameter of the plugin, for ViewOwner
void
ui_set_param(void* handle, GrusParam param, float value);

/// Ask the plugin to tell about its model
void
ui_send_get(Ui* ui);

/// Tell the plugin that a window is there
void
ui_send_watch(Ui* ui);

/// Ask the plugin for another model; an empty path is that of the bundle
void
ui_send_model(Ui* ui, const char* path);

/// Take what the plugin has told on its port for messages
void
ui_receive(Ui* ui, const void* buffer, uint32_t size);

#endif // GRUS_PLUGIN_WINDOW_UI_H
