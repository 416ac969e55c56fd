// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "view/window/input.h"

#include "grus/params.h"
#include "view/draw/draw.h"
#include "view/draw/layout.h"
#include "view/model/numbers.h"
#include "view/model/values.h"

#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static const double tip_seconds = 0.7;
static const double drag_length = 220.0; ///< Units for the whole range

void
view_input_init(ViewInput* const        input,
                ViewValues* const       values,
                const ViewLayout* const layout,
                const ViewOwner* const  owner)
{
  memset(input, 0, sizeof(*input));
  input->values    = values;
  input->layout    = layout;
  input->owner     = *owner;
  input->focus     = VIEW_ITEM_NONE;
  input->hot       = VIEW_ITEM_NONE;
  input->drag      = VIEW_ITEM_NONE;
  input->edit      = VIEW_ITEM_NONE;
  input->tip       = VIEW_ITEM_NONE;
  input->menu.item = VIEW_ITEM_NONE;
  input->tip_due   = HUGE_VAL;
}

static bool
is_param(const ViewItem item)
{
  return (unsigned)item < GRUS_N_PARAMS;
}

/// Whether an item is a parameter that has a number
static bool
is_number(const ViewItem item)
{
  return is_param(item) && !view_number_choices((GrusParam)item);
}

static bool
is_menu(const ViewItem item)
{
  return item == VIEW_ITEM_PRESETS || item == VIEW_ITEM_MODELS;
}

/// Set a value as a person does
static void
set(const ViewInput* const input, const GrusParam param, const float value)
{
  if (view_set_param(input->values, param, value)) {
    input->owner.set_param(
      input->owner.handle, param, input->values->params[param]);
  }
}

/// Let what is drawn be another item
static void
change(ViewInput* const input, ViewItem* const which, const ViewItem item)
{
  input->changed = input->changed || *which != item;
  *which         = item;
}

static void
close_tip(ViewInput* const input)
{
  change(input, &input->tip, VIEW_ITEM_NONE);
  input->tip_due = HUGE_VAL;
}

static void
open_menu(ViewInput* const input, const ViewItem item)
{
  const ViewLines* const lines =
    item == VIEW_ITEM_PRESETS ? &input->presets : &input->models;
  if (lines->n) {
    const ViewMenu menu = {item, lines->lines, lines->n, 0U};
    input->menu         = menu;
    input->changed      = true;
  }
}

static void
choose_line(ViewInput* const input)
{
  const ViewMenu menu = input->menu;
  change(input, &input->menu.item, VIEW_ITEM_NONE);
  input->owner.choose(input->owner.handle, menu.item, menu.chosen);
}

/// Return the line of the open menu at a place in pixels, or `menu.n`
static unsigned
menu_line(const ViewInput* const input, const double x, const double y)
{
  unsigned i = 0U;
  for (; i < input->menu.n; ++i) {
    const ViewRect r = view_layout_menu(input->layout, input->menu.item, i);
    if (view_rect_has(&r, x / input->layout->scale, y / input->layout->scale)) {
      break;
    }
  }
  return i;
}

static void
begin_edit(ViewInput* const input, const ViewItem item)
{
  change(input, &input->edit, item);
  input->typed[0] = '\0';
  input->changed  = true;
}

/// Take over what was typed
static void
end_edit(ViewInput* const input)
{
  float value = 0.0f;
  if (view_number_read((GrusParam)input->edit, input->typed, &value)) {
    set(input, (GrusParam)input->edit, value);
  }
  change(input, &input->edit, VIEW_ITEM_NONE);
}

static void
begin_drag(ViewInput* const input, const ViewItem item, const double y)
{
  const GrusParam param = (GrusParam)item;
  input->drag           = item;
  input->last_y         = y;
  input->part           = view_number_part(param, input->values->params[param]);
  input->owner.touch(input->owner.handle, param, true);
}

static void
press_param(ViewInput* const input,
            const GrusParam  param,
            const double     x,
            const double     y,
            const ViewPress  how)
{
  const ViewItem item = (ViewItem)param;
  const unsigned n    = view_number_choices(param);
  if (how.reset) {
    set(input, param, grus_param_info(param)->initial);
  } else if (how.twice && !n) {
    begin_edit(input, item);
  } else if (!n) {
    begin_drag(input, item, y);
  } else if (param == GRUS_PARAM_ENABLED) {
    set(input, param, input->values->params[param] > 0.0f ? 0.0f : 1.0f);
  } else {
    set(input, param, (float)view_layout_choice(input->layout, item, n, x));
  }
}

void
view_input_press(ViewInput* const input,
                 const double     x,
                 const double     y,
                 const ViewPress  how)
{
  close_tip(input);
  if (input->menu.item != VIEW_ITEM_NONE) {
    input->menu.chosen = menu_line(input, x, y);
    if (input->menu.chosen < input->menu.n) {
      choose_line(input);
    } else {
      change(input, &input->menu.item, VIEW_ITEM_NONE);
    }
    return;
  }

  const ViewItem item = view_layout_hit(input->layout, x, y);
  if (input->edit != VIEW_ITEM_NONE) {
    end_edit(input);
  }
  change(input, &input->focus, VIEW_ITEM_NONE);
  if (is_param(item)) {
    change(input, &input->focus, item);
    press_param(input, (GrusParam)item, x, y, how);
  } else if (is_menu(item)) {
    change(input, &input->focus, item);
    open_menu(input, item);
  } else if (item == VIEW_ITEM_LEVEL_IN || item == VIEW_ITEM_LEVEL_OUT) {
    view_reset_level(input->values,
                     item == VIEW_ITEM_LEVEL_IN ? VIEW_IN : VIEW_OUT);
  }
}

void
view_input_move(ViewInput* const input,
                const double     x,
                const double     y,
                const bool       fine,
                const double     now)
{
  if (input->drag != VIEW_ITEM_NONE) {
    const double moved = (input->last_y - y) / input->layout->scale;
    input->last_y      = y;
    input->part += moved / drag_length * (fine ? 0.1 : 1.0);
    input->part = fmin(fmax(input->part, 0.0), 1.0);
    set(input,
        (GrusParam)input->drag,
        view_number_at((GrusParam)input->drag, input->part));
    return;
  }
  if (input->menu.item != VIEW_ITEM_NONE) {
    const unsigned line = menu_line(input, x, y);
    input->changed      = input->changed || line != input->menu.chosen;
    input->menu.chosen  = line;
    return;
  }

  const ViewItem item = view_layout_hit(input->layout, x, y);
  if (item != input->hot) {
    close_tip(input);
    change(input, &input->hot, item);
    input->tip_due = item == VIEW_ITEM_NONE ? HUGE_VAL : now + tip_seconds;
  }
}

void
view_input_release(ViewInput* const input)
{
  if (input->drag != VIEW_ITEM_NONE) {
    input->owner.touch(input->owner.handle, (GrusParam)input->drag, false);
    input->drag = VIEW_ITEM_NONE;
  }
}

void
view_input_leave(ViewInput* const input)
{
  close_tip(input);
  change(input, &input->hot, VIEW_ITEM_NONE);
}

/// Turn a parameter by steps; what is switched goes to the next choice
static void
turn(ViewInput* const input,
     const GrusParam  param,
     const double     steps,
     const bool       fine)
{
  const float value = input->values->params[param];
  set(input, param, view_number_step(param, value, steps, fine));
}

void
view_input_wheel(ViewInput* const input,
                 const double     x,
                 const double     y,
                 const double     steps,
                 const bool       fine)
{
  const ViewItem item = view_layout_hit(input->layout, x, y);
  if (is_param(item) && input->menu.item == VIEW_ITEM_NONE) {
    close_tip(input);
    turn(input, (GrusParam)item, steps, fine);
  }
}

/// Keys while a menu is open
static bool
key_in_menu(ViewInput* const input, const ViewKey key)
{
  ViewMenu* const menu = &input->menu;
  if (key == VIEW_KEY_UP || key == VIEW_KEY_DOWN) {
    const unsigned by = key == VIEW_KEY_UP ? menu->n - 1U : 1U;
    menu->chosen = menu->chosen < menu->n ? (menu->chosen + by) % menu->n : 0U;
    input->changed = true;
  } else if (key == VIEW_KEY_ENTER && menu->chosen < menu->n) {
    choose_line(input);
  } else {
    change(input, &menu->item, VIEW_ITEM_NONE);
  }
  return true;
}

/// Keys while a value is typed
static bool
key_in_edit(ViewInput* const input, const ViewKey key)
{
  const size_t n = strlen(input->typed);
  if (key == VIEW_KEY_ENTER || key == VIEW_KEY_TAB) {
    end_edit(input);
  } else if (key == VIEW_KEY_ESCAPE) {
    change(input, &input->edit, VIEW_ITEM_NONE);
  } else if (key == VIEW_KEY_ERASE && n) {
    input->typed[n - 1U] = '\0';
    input->changed       = true;
  }
  return true;
}

/// Enter on what has the focus
static bool
enter(ViewInput* const input)
{
  const ViewItem item = input->focus;
  if (is_menu(item)) {
    open_menu(input, item);
  } else if (is_number(item)) {
    begin_edit(input, item);
  } else if (is_param(item)) {
    const GrusParam param = (GrusParam)item;
    const unsigned  next  = (unsigned)input->values->params[param] + 1U;
    set(input, param, (float)(next % view_number_choices(param)));
  }
  return item != VIEW_ITEM_NONE;
}

bool
view_input_key(ViewInput* const input, const ViewKey key, const bool fine)
{
  close_tip(input);
  if (key == VIEW_KEY_NONE) {
    return false;
  }
  if (input->menu.item != VIEW_ITEM_NONE) {
    return key_in_menu(input, key);
  }
  if (input->edit != VIEW_ITEM_NONE) {
    return key_in_edit(input, key);
  }
  if (key == VIEW_KEY_TAB || key == VIEW_KEY_BACK_TAB) {
    const int by = key == VIEW_KEY_TAB ? 1 : -1;
    change(
      input, &input->focus, view_layout_next(input->layout, input->focus, by));
    return true;
  }
  if (key == VIEW_KEY_ENTER) {
    return enter(input);
  }
  if (key == VIEW_KEY_ESCAPE) {
    const bool had_focus = input->focus != VIEW_ITEM_NONE;
    change(input, &input->focus, VIEW_ITEM_NONE);
    return had_focus;
  }
  if (!is_param(input->focus)) {
    return false;
  }
  if (key == VIEW_KEY_UP || key == VIEW_KEY_DOWN) {
    turn(input, (GrusParam)input->focus, key == VIEW_KEY_UP ? 1.0 : -1.0, fine);
  } else if (key == VIEW_KEY_RESET) {
    set(input,
        (GrusParam)input->focus,
        grus_param_info((uint32_t)input->focus)->initial);
  }
  return key != VIEW_KEY_ERASE;
}

bool
view_input_type(ViewInput* const input, const char character)
{
  const bool   fits = strchr("0123456789.,+-", character) && character;
  const size_t n    = strlen(input->typed);
  if (!fits || input->menu.item != VIEW_ITEM_NONE) {
    return false;
  }
  if (input->edit == VIEW_ITEM_NONE) {
    return false;
  }
  if (n + 1U < sizeof(input->typed)) {
    input->typed[n]      = character;
    input->typed[n + 1U] = '\0';
    input->changed       = true;
  }
  return true;
}

void
view_input_wait(ViewInput* const input, const double now)
{
  if (now >= input->tip_due && input->menu.item == VIEW_ITEM_NONE &&
      input->drag == VIEW_ITEM_NONE) {
    input->tip_due = HUGE_VAL;
    change(input, &input->tip, input->hot);
  }
}
