// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// The plugin's window as an LV2 UI: it reaches the plugin by its ports alone,
// so that both may be in different threads, processes or machines

#include "window/ui.h"

#include "host/clock.h"
#include "host/identity.h"
#include "host/presets.h"
#include "host_features.h"
#include "ports.h"
#include "private_fft.h"
#include "uris.h"
#include "view/draw/layout.h"
#include "view/draw/theme.h"
#include "view/model/values.h"
#include "view/window/window.h"

#include "grus/params.h"

#include <lv2/atom/forge.h>
#include <lv2/core/lv2.h>
#include <lv2/options/options.h>
#include <lv2/ui/ui.h>
#include <lv2/urid/urid.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double watch_seconds =
  1.0; ///< From one word to the plugin to the next

void
ui_set_param(void* const handle, const GrusParam param, const float value)
{
  const Ui* const ui = (const Ui*)handle;
  ui->write(ui->controller, ui->param_ports[param], sizeof(value), 0U, &value);
}

static void
touch(void* const handle, const GrusParam param, const bool held)
{
  const Ui* const ui = (const Ui*)handle;
  if (ui->touch) {
    ui->touch->touch(ui->touch->handle, ui->param_ports[param], held);
  }
}

static void
resize(void* const handle, const int width, const int height)
{
  const Ui* const ui = (const Ui*)handle;
  if (ui->resize) {
    ui->resize->ui_resize(ui->resize->handle, width, height);
  }
}

static void
read_options(const Ui* const           ui,
             const LV2_Options_Option* option,
             ViewWindowConfig* const   config)
{
  for (; option && option->key; ++option) {
    if (option->key == ui->uris.ui_scaleFactor && option->value &&
        option->type == ui->uris.atom_Float && option->size == sizeof(float)) {
      config->scale = (double)*(const float*)option->value;
    } else if (option->key == ui->uris.ui_backgroundColor && option->value &&
               option->type == ui->uris.atom_Int &&
               option->size == sizeof(int32_t)) {
      uint32_t color = 0U; // And opacity, which comes last
      memcpy(&color, option->value, sizeof(color));
      config->is_light = view_theme_is_light(color >> 8U);
    }
  }
}

/// Find features; false if the one is missing that we need
static bool
find_features(Ui* const ui, const LV2_Feature* const* const features)
{
  LV2_URID_Map* const map =
    (LV2_URID_Map*)host_features_find(features, LV2_URID__map);
  ui->resize = (LV2UI_Resize*)host_features_find(features, LV2_UI__resize);
  ui->touch  = (LV2UI_Touch*)host_features_find(features, LV2_UI__touch);
  if (map) {
    map_uris(map, &ui->uris);
    lv2_atom_forge_init(&ui->forge, map);
  }
  return map;
}

static void
find_ports(Ui* const ui, const uint32_t n_channels)
{
  ui->n_ports = ports_list(n_channels, ui->ports);
  for (uint32_t i = 0U; i < ui->n_ports; ++i) {
    if (ui->ports[i].type == PORT_PARAM) {
      ui->param_ports[ui->ports[i].index] = i;
    }
  }
}

/// Open the window of a UI whose features are known
static bool
open_window(Ui* const ui, const LV2_Feature* const* const features)
{
  ViewWindowConfig config = {
    .parent =
      (unsigned long)(uintptr_t)host_features_find(features, LV2_UI__parent),
    .title   = "Grus",
    .owner   = {ui, ui_set_param, touch, ui_choose, resize},
    .presets = {ui->preset_menu.lines, ui->preset_menu.n},
    .models  = {ui->model_menu.lines, ui->model_menu.n},
  };
  read_options(ui,
               (const LV2_Options_Option*)host_features_find(
                 features, LV2_OPTIONS__options),
               &config);
  ui->window = view_window_new(&config, &ui->values);
  return ui->window;
}

static void
cleanup(const LV2UI_Handle handle)
{
  Ui* const ui = (Ui*)handle;
  view_window_free(ui->window);
  view_values_clear(&ui->values);
  presets_free(ui->presets);
  free(ui);
}

static LV2UI_Handle
instantiate(const LV2UI_Descriptor* const   descriptor,
            const char* const               plugin_uri,
            const char* const               bundle_path,
            const LV2UI_Write_Function      write_function,
            const LV2UI_Controller          controller,
            LV2UI_Widget* const             widget,
            const LV2_Feature* const* const features)
{
  const bool is_stereo = !strcmp(plugin_uri, GRUS_VOICE_STEREO_URI);
  Ui* const  ui        = (Ui*)calloc(1U, sizeof(Ui));
  (void)descriptor;
  if (!ui) {
    return NULL;
  }

  ui->write      = write_function;
  ui->controller = controller;
  ui->watched_at = -watch_seconds;
  snprintf(ui->bundle_path, sizeof(ui->bundle_path), "%s", bundle_path);
  find_ports(ui, is_stereo ? MAX_SIDES : 1U);
  ui_fill_menus(ui);
  if (!find_features(ui, features) ||
      !view_values_init(&ui->values, is_stereo) || !open_window(ui, features)) {
    cleanup(ui);
    return NULL;
  }

  int width  = 0;
  int height = 0;
  view_window_size(ui->window, &width, &height);
  resize(ui, width, height);
  *widget = (LV2UI_Widget)(uintptr_t)view_window_id(
    ui->window); // NOLINT(performance-no-int-to-ptr)
  ui_send_get(ui);
  return ui;
}

static void
receive_value(Ui* const ui, const Port* const port, const float value)
{
  ViewValues* const values = &ui->values;
  switch (port->type) {
  case PORT_PARAM: // What a person holds comes back late
    if ((uint32_t)view_window_held(ui->window) != port->index) {
      view_set_param(values, (GrusParam)port->index, value);
    }
    break;
  case PORT_METER:
    view_set_meter(values, (GrusMeter)port->index, value, clock_seconds());
    break;
  case PORT_LATENCY:
    view_set_latency(values, value);
    break;
  case PORT_LOAD:
    view_set_load(values, value, values->load_worst);
    break;
  case PORT_LOAD_WORST:
    view_set_load(values, values->load, value);
    break;
  case PORT_CONTROL:
  case PORT_NOTIFY:
  case PORT_INPUT:
  case PORT_OUTPUT:
    break;
  }
}

static void
port_event(const LV2UI_Handle handle,
           const uint32_t     port,
           const uint32_t     size,
           const uint32_t     format,
           const void* const  buffer)
{
  Ui* const ui = (Ui*)handle;
  if (port >= ui->n_ports) {
    return;
  }
  if (!format && size == sizeof(float)) {
    receive_value(ui, &ui->ports[port], *(const float*)buffer);
  } else if (format == ui->uris.atom_eventTransfer) {
    ui_receive(ui, buffer, size);
  }
}

static int
idle(const LV2UI_Handle handle)
{
  Ui* const    ui  = (Ui*)handle;
  const double now = clock_seconds();
  if (now - ui->watched_at >= watch_seconds) {
    ui->watched_at = now;
    ui_send_watch(ui);
  }
  return !view_window_idle(ui->window, now);
}

/// The host has another size for us
static int
be_resized(const LV2UI_Feature_Handle handle, const int width, const int height)
{
  const Ui* const ui = (const Ui*)handle;
  view_window_set_size(ui->window, width, height);
  return 0;
}

static const void*
extension_data(const char* const uri)
{
  static const LV2UI_Idle_Interface idle_interface   = {idle};
  static const LV2UI_Resize         resize_interface = {NULL, be_resized};
  return !strcmp(uri, LV2_UI__idleInterface) ? (const void*)&idle_interface
         : !strcmp(uri, LV2_UI__resize)      ? (const void*)&resize_interface
                                             : NULL;
}

LV2_SYMBOL_EXPORT const LV2UI_Descriptor*
lv2ui_descriptor(const uint32_t index)
{
  static const LV2UI_Descriptor descriptor = {
    GRUS_WINDOW_URI, instantiate, cleanup, port_event, extension_data};
  return index == 0U && private_fft_is_loaded() ? &descriptor : NULL;
}
