// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What can be chosen: presets, which turn controls, and the bundle's models

#include "window/ui.h"

#include "host/presets.h"
#include "ttl/bundle.h"
#include "view/draw/layout.h"
#include "view/model/values.h"

#include "grus/grus.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static void
add_line(UiMenu* const menu, const char* const text)
{
  if (menu->n < VIEW_MENU_MAX) {
    char* const line = menu->texts[menu->n];
    snprintf(line, UI_NAME_SIZE, "%s", text);
    line[0]              = (char)toupper((unsigned char)line[0]);
    menu->lines[menu->n] = line;
    ++menu->n;
  }
}

void
ui_fill_menus(Ui* const ui)
{
  char        path[UI_PATH_SIZE + 16];
  GrusMessage message;
  snprintf(path, sizeof(path), "%s/presets.json", ui->bundle_path);
  if (presets_load_file(&ui->presets, path, &message)) {
    for (size_t i = 0U; presets_name(ui->presets, i); ++i) {
      add_line(&ui->preset_menu, presets_name(ui->presets, i));
    }
  }
  for (size_t i = 0U; i < N_MODELS; ++i) {
    const char* const colon = strstr(bundle_models[i].label, ": ");
    add_line(&ui->model_menu, colon ? colon + 2 : bundle_models[i].label);
  }
}

static void
choose_preset(Ui* const ui, const unsigned index)
{
  float values[GRUS_N_PARAMS];
  presets_values(ui->presets, index, values);
  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    if (!isnan(values[i]) &&
        view_set_param(&ui->values, (GrusParam)i, values[i])) {
      ui_set_param(ui, (GrusParam)i, values[i]);
    }
  }
}

/// The first model is the one that plays where no path says otherwise
static void
choose_model(Ui* const ui, const unsigned index)
{
  char path[UI_PATH_SIZE + 64] = "";
  if (index) {
    snprintf(path,
             sizeof(path),
             "%s/%s.safetensors",
             ui->bundle_path,
             bundle_models[index].file);
  }
  view_set_loading(&ui->values, true);
  ui_send_model(ui, path);
}

void
ui_choose(void* const handle, const ViewItem item, const unsigned index)
{
  Ui* const ui = (Ui*)handle;
  if (item == VIEW_ITEM_PRESETS && index < ui->preset_menu.n) {
    choose_preset(ui, index);
  } else if (item == VIEW_ITEM_MODELS && index < ui->model_menu.n) {
    choose_model(ui, index);
  }
}
