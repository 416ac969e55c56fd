// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// The view without a screen: where things are, what pointer and keys do, what
// the numbers say, and when which sound is shown

#include "grus/params.h"
#include "view/draw/layout.h"
#include "view/draw/theme.h"
#include "view/model/history.h"
#include "view/model/numbers.h"
#include "view/model/values.h"
#include "view/window/input.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

/// A view that a test turns
typedef struct {
  ViewValues values;
  ViewLayout layout;
  ViewInput  input;
  unsigned   n_sets;
  GrusParam  set_param;
  float      set_value;
  unsigned   n_held;
  unsigned   n_released;
  ViewItem   chosen_item;
  unsigned   chosen;
} Rig;

static void
note_set(void* const handle, const GrusParam param, const float value)
{
  Rig* const rig = (Rig*)handle;
  ++rig->n_sets;
  rig->set_param = param;
  rig->set_value = value;
}

static void
note_touch(void* const handle, const GrusParam param, const bool held)
{
  Rig* const rig = (Rig*)handle;
  (void)param;
  rig->n_held += held;
  rig->n_released += !held;
}

static void
note_choice(void* const handle, const ViewItem item, const unsigned index)
{
  Rig* const rig   = (Rig*)handle;
  rig->chosen_item = item;
  rig->chosen      = index;
}

static const char* const lines[] = {"One", "Two", "Three"};

static Rig*
rig_new(void)
{
  static Rig      rig;
  const ViewOwner owner = {&rig, note_set, note_touch, note_choice, NULL};
  memset(&rig, 0, sizeof(rig));
  cr_assert(view_values_init(&rig.values, true));
  view_layout(&rig.layout, 1230, 840, true);
  view_input_init(&rig.input, &rig.values, &rig.layout, &owner);
  rig.input.presets = (ViewLines){lines, 3U};
  rig.input.models  = (ViewLines){lines, 3U};
  return &rig;
}

static double
middle_x(const Rig* const rig, const ViewItem item)
{
  const ViewRect* const r = &rig->layout.items[item];
  return rig->layout.scale * (r->x + (0.5 * r->w));
}

static double
middle_y(const Rig* const rig, const ViewItem item)
{
  const ViewRect* const r = &rig->layout.items[item];
  return rig->layout.scale * (r->y + (0.5 * r->h));
}

static void
press(Rig* const rig, const ViewItem item, const ViewPress how)
{
  view_input_press(&rig->input, middle_x(rig, item), middle_y(rig, item), how);
}

static bool
overlap(const ViewRect* const a, const ViewRect* const b)
{
  return a->x + 1e-6 < b->x + b->w && b->x + 1e-6 < a->x + a->w &&
         a->y + 1e-6 < b->y + b->h && b->y + 1e-6 < a->y + a->h;
}

Test(view, every_item_is_hit_within_the_window_and_overlaps_no_other)
{
  static const int sizes[][2] = {{VIEW_MIN_WIDTH, VIEW_MIN_HEIGHT},
                                 {VIEW_WIDTH, VIEW_HEIGHT},
                                 {1230, 840},
                                 {3840, 2160},
                                 {820, 1400},
                                 {2400, 560}};
  for (unsigned s = 0U; s < sizeof(sizes) / sizeof(sizes[0]); ++s) {
    ViewLayout l;
    view_layout(&l, sizes[s][0], sizes[s][1], true);
    for (unsigned i = 0U; i < VIEW_N_ITEMS; ++i) {
      const ViewRect* const r = &l.items[i];
      cr_assert(r->w > 8.0 && r->h > 8.0, "item %u", i);
      cr_assert(r->x >= 0.0 && r->y >= 0.0 && r->x + r->w <= l.w + 1e-6 &&
                  r->y + r->h <= l.h + 1e-6,
                "item %u in %dx%d",
                i,
                sizes[s][0],
                sizes[s][1]);
      const double x[] = {r->x + 0.5, r->x + (0.5 * r->w), r->x + r->w - 0.5};
      const double y[] = {r->y + 0.5, r->y + (0.5 * r->h), r->y + r->h - 0.5};
      for (unsigned k = 0U; k < 9U; ++k) {
        cr_assert_eq((unsigned)view_layout_hit(
                       &l, x[k % 3U] * l.scale, y[k / 3U] * l.scale),
                     i);
      }
      for (unsigned j = 0U; j < i; ++j) {
        cr_assert(!overlap(r, &l.items[j]), "items %u and %u", i, j);
      }
    }
  }
}

Test(view, parts_fill_the_window)
{
  ViewLayout l;
  double     area = 0.0;
  view_layout(&l, 1230, 840, true);
  for (unsigned i = 0U; i < VIEW_N_PARTS; ++i) {
    area += l.parts[i].w * l.parts[i].h;
  }
  cr_assert_float_eq(area, l.w * l.h, 1.0);
}

Test(view, mono_has_no_link)
{
  ViewLayout l;
  view_layout(&l, VIEW_WIDTH, VIEW_HEIGHT, false);
  cr_assert_eq(l.items[GRUS_PARAM_LINK].w, 0.0);
  ViewItem item = VIEW_ITEM_MODELS;
  for (unsigned i = 0U; i < 30U; ++i) {
    item = view_layout_next(&l, item, 1);
    cr_assert_neq((int)item, GRUS_PARAM_LINK);
  }
}

Test(view, tab_reaches_every_control_both_ways)
{
  Rig* const rig = rig_new();
  for (int back = 0; back < 2; ++back) {
    bool seen[VIEW_N_ITEMS + 1] = {false};
    for (unsigned i = 0U; i < 12U; ++i) {
      view_input_key(
        &rig->input, back ? VIEW_KEY_BACK_TAB : VIEW_KEY_TAB, false);
      seen[rig->input.focus] = true;
    }
    for (unsigned i = 0U; i <= VIEW_ITEM_MODELS; ++i) {
      cr_assert(seen[i], "item %u", i);
    }
  }
}

Test(view, the_wheel_turns_every_parameter)
{
  Rig* const rig = rig_new();
  for (unsigned i = 0U; i < GRUS_N_PARAMS; ++i) {
    const GrusParamInfo* const info = grus_param_info(i);
    const double               way = info->initial < info->maximum ? 1.0 : -1.0;
    const unsigned             n   = rig->n_sets;
    view_input_wheel(&rig->input,
                     middle_x(rig, (ViewItem)i),
                     middle_y(rig, (ViewItem)i),
                     way,
                     false);
    cr_assert_eq(rig->n_sets, n + 1U, "%s", info->symbol);
    cr_assert_eq((unsigned)rig->set_param, i);
    cr_assert((rig->set_value - info->initial) * (float)way > 0.0f);
  }
}

Test(view, arrows_turn_what_has_the_focus_and_shift_turns_less)
{
  Rig* const rig = rig_new();
  press(rig, (ViewItem)GRUS_PARAM_OUTPUT_GAIN, (ViewPress){false, false});
  view_input_release(&rig->input);
  cr_assert(view_input_key(&rig->input, VIEW_KEY_UP, false));
  cr_assert_float_eq(rig->set_value, 1.0f, 1e-6f);
  cr_assert(view_input_key(&rig->input, VIEW_KEY_DOWN, true));
  cr_assert_float_eq(rig->set_value, 0.9f, 1e-6f);
}

Test(view, dragging_turns_a_knob_and_tells_who_holds_it)
{
  Rig* const     rig  = rig_new();
  const ViewItem item = (ViewItem)GRUS_PARAM_INPUT_GAIN;
  press(rig, item, (ViewPress){false, false});
  view_input_move(&rig->input,
                  middle_x(rig, item),
                  middle_y(rig, item) - (110.0 * rig->layout.scale),
                  false,
                  0.0);
  cr_assert_float_eq(rig->set_value, 24.0f, 1e-4f);
  view_input_release(&rig->input);
  cr_assert_eq(rig->n_held, 1U);
  cr_assert_eq(rig->n_released, 1U);
  view_input_move(&rig->input, 0.0, 0.0, false, 0.0);
  cr_assert_eq(rig->n_sets, 1U);
}

Test(view, control_and_click_resets)
{
  Rig* const rig = rig_new();
  for (unsigned i = 0U; i < GRUS_N_PARAMS; ++i) {
    const GrusParamInfo* const info = grus_param_info(i);
    view_set_param(&rig->values,
                   (GrusParam)i,
                   info->initial == info->minimum ? info->maximum
                                                  : info->minimum);
    press(rig, (ViewItem)i, (ViewPress){false, true});
    cr_assert_eq((unsigned)rig->set_param, i);
    cr_assert_eq(rig->set_value, info->initial);
  }
}

Test(view, a_double_click_types_a_value)
{
  Rig* const     rig  = rig_new();
  const ViewItem item = (ViewItem)GRUS_PARAM_REDUCTION;
  press(rig, item, (ViewPress){true, false});
  for (const char* c = "12,x5"; *c; ++c) {
    view_input_type(&rig->input, *c);
  }
  cr_assert(view_input_key(&rig->input, VIEW_KEY_ERASE, false));
  cr_assert(view_input_type(&rig->input, '7'));
  cr_assert(view_input_key(&rig->input, VIEW_KEY_ENTER, false));
  cr_assert_float_eq(rig->set_value, 12.7f, 1e-5f);
  cr_assert_eq((int)rig->input.edit, VIEW_ITEM_NONE);

  press(rig, item, (ViewPress){true, false});
  view_input_type(&rig->input, '3');
  view_input_key(&rig->input, VIEW_KEY_ESCAPE, false);
  cr_assert_float_eq(rig->values.params[GRUS_PARAM_REDUCTION], 12.7f, 1e-5f);
}

Test(view, every_choice_of_a_switch_can_be_clicked)
{
  Rig* const rig = rig_new();
  for (unsigned n = 0U; n < 3U; ++n) {
    const ViewRect* const r = &rig->layout.items[GRUS_PARAM_EVEN_LOAD];
    view_input_press(&rig->input,
                     rig->layout.scale * (r->x + (r->w * (n + 0.5) / 3.0)),
                     middle_y(rig, (ViewItem)GRUS_PARAM_EVEN_LOAD),
                     (ViewPress){false, false});
    cr_assert_eq(rig->values.params[GRUS_PARAM_EVEN_LOAD], (float)n);
  }
  press(rig, (ViewItem)GRUS_PARAM_ENABLED, (ViewPress){false, false});
  cr_assert_eq(rig->values.params[GRUS_PARAM_ENABLED], 0.0f);
}

Test(view, menus_are_chosen_from_by_pointer_and_keys)
{
  Rig* const rig = rig_new();
  press(rig, VIEW_ITEM_PRESETS, (ViewPress){false, false});
  const ViewRect r = view_layout_menu(&rig->layout, VIEW_ITEM_PRESETS, 2U);
  view_input_press(&rig->input,
                   rig->layout.scale * (r.x + 5.0),
                   rig->layout.scale * (r.y + 5.0),
                   (ViewPress){false, false});
  cr_assert_eq((int)rig->chosen_item, VIEW_ITEM_PRESETS);
  cr_assert_eq(rig->chosen, 2U);

  press(rig, VIEW_ITEM_MODELS, (ViewPress){false, false});
  view_input_key(&rig->input, VIEW_KEY_DOWN, false);
  view_input_key(&rig->input, VIEW_KEY_ENTER, false);
  cr_assert_eq((int)rig->chosen_item, VIEW_ITEM_MODELS);
  cr_assert_eq(rig->chosen, 1U);
  cr_assert_eq((int)rig->input.menu.item, VIEW_ITEM_NONE);
}

Test(view, a_tool_tip_opens_after_a_while_and_closes_at_once)
{
  Rig* const     rig  = rig_new();
  const ViewItem item = (ViewItem)GRUS_PARAM_GATE;
  view_input_move(
    &rig->input, middle_x(rig, item), middle_y(rig, item), false, 5.0);
  view_input_wait(&rig->input, 5.5);
  cr_assert_eq((int)rig->input.tip, VIEW_ITEM_NONE);
  view_input_wait(&rig->input, 5.8);
  cr_assert_eq(rig->input.tip, item);
  view_input_leave(&rig->input);
  cr_assert_eq((int)rig->input.tip, VIEW_ITEM_NONE);
}

Test(view, a_click_forgets_that_it_clipped)
{
  Rig* const rig = rig_new();
  view_set_meter(&rig->values, GRUS_METER_OUTPUT_LEVEL, 0.5f, 1.0);
  view_set_meter(&rig->values, GRUS_METER_OUTPUT_LEVEL, -20.0f, 1.1);
  cr_assert(rig->values.levels[VIEW_OUT].clipped);
  cr_assert_float_eq(rig->values.levels[VIEW_OUT].hold, 0.5f, 1e-6f);
  view_let_fall(&rig->values, 1.2);
  cr_assert_float_eq(rig->values.levels[VIEW_OUT].hold, 0.5f, 1e-6f);
  view_let_fall(&rig->values, 3.0);
  cr_assert_lt(rig->values.levels[VIEW_OUT].hold, 0.5f);
  press(rig, VIEW_ITEM_LEVEL_OUT, (ViewPress){false, false});
  cr_assert(!rig->values.levels[VIEW_OUT].clipped);
  cr_assert_float_eq(rig->values.levels[VIEW_OUT].hold, -20.0f, 1e-6f);
}

Test(view, numbers_are_read_as_they_are_written)
{
  for (unsigned i = 0U; i < GRUS_N_PARAMS; ++i) {
    if (view_number_choices((GrusParam)i)) {
      continue;
    }
    for (unsigned k = 0U; k <= 10U; ++k) {
      const float value = view_number_at((GrusParam)i, k / 10.0);
      float       read  = -1.0f;
      char        text[VIEW_TEXT_SIZE];
      view_number_text((GrusParam)i, value, text, sizeof(text));
      cr_assert(strchr(text, ' '), "no unit: %s", text);
      cr_assert(view_number_read((GrusParam)i, text, &read));
      cr_assert_float_eq(read, value, 0.5f, "%s", text);
    }
  }
  float value = 3.0f;
  cr_assert(!view_number_read(GRUS_PARAM_GATE, "abc", &value));
  cr_assert(!view_number_read(GRUS_PARAM_GATE, "", &value));
  cr_assert_eq(value, 3.0f);
}

Test(view, values_stay_in_their_ranges)
{
  Rig* const rig = rig_new();
  cr_assert(!view_set_param(&rig->values, GRUS_PARAM_REDUCTION, NAN));
  cr_assert(!view_set_param(&rig->values, GRUS_PARAM_REDUCTION, 1e9f));
  cr_assert(view_set_param(&rig->values, GRUS_PARAM_REDUCTION, -INFINITY));
  cr_assert_eq(rig->values.params[GRUS_PARAM_REDUCTION], 0.0f);
  cr_assert(view_set_param(&rig->values, GRUS_PARAM_EVEN_LOAD, 0.6f));
  cr_assert_eq(rig->values.params[GRUS_PARAM_EVEN_LOAD], 1.0f);
}

static unsigned
loudest_row(const uint8_t* const rows)
{
  unsigned loudest = 0U;
  for (unsigned r = 0U; r < VIEW_ROWS; ++r) {
    loudest = rows[r] > rows[loudest] ? r : loudest;
  }
  return loudest;
}

Test(view, a_tone_is_shown_at_its_frequency_at_every_rate)
{
  static const uint32_t rates[] = {8000U, 22050U, 44100U, 48000U};
  static int16_t        tone[48000];
  static int16_t        silence[48000];
  for (unsigned i = 0U; i < 4U; ++i) {
    ViewHistory* const h = view_history_new();
    for (uint32_t k = 0U; k < rates[i]; ++k) {
      tone[k] = (int16_t)(16384.0 * sin(6.283185307 * 1500.0 * k / rates[i]));
    }
    view_history_set_sound(h, rates[i], 0U);
    view_history_add(h, tone, silence, rates[i], 1.0f, 30.0f);
    const uint64_t n = view_history_count(h);
    cr_assert(n == 60U || n == 61U, "%u columns", (unsigned)n);
    const ViewColumn* const last = view_history_column(h, n - 1U);
    cr_assert_float_eq(loudest_row(last->in), view_history_row(1500.0), 1.5);
    cr_assert_eq(last->out[loudest_row(last->in)], 0U);
    cr_assert_eq(last->activity, 255U);
    cr_assert_eq(last->reduction, 128U);
    cr_assert_null(view_history_column(h, n));
    view_history_free(h);
  }
}

Test(view, what_goes_in_is_shown_beside_what_comes_out_of_it)
{
  enum { RATE = 48000, DELAY = 4800, N = 24000, AT = 8000 };
  static int16_t     in[N];
  static int16_t     out[N];
  ViewHistory* const h = view_history_new();
  for (int i = 0; i < 400; ++i) { // A short noise, later on its way out
    in[AT + i]          = (int16_t)(i * 7919 % 20000);
    out[AT + DELAY + i] = in[AT + i];
  }
  view_history_set_sound(h, RATE, DELAY);
  view_history_add(h, in, out, N, 0.0f, 0.0f);
  for (uint64_t c = 0U; c < view_history_count(h); ++c) {
    const ViewColumn* const column = view_history_column(h, c);
    cr_assert_arr_eq(column->in, column->out, VIEW_ROWS);
  }
  view_history_free(h);
}

Test(view, strange_sound_does_no_harm)
{
  static int16_t     sound[1000];
  ViewHistory* const h = view_history_new();
  view_history_add(h, sound, sound, 1000U, NAN, NAN);
  view_history_set_sound(h, 0U, 0U);
  view_history_set_sound(h, UINT32_MAX, UINT32_MAX);
  view_history_add(h, sound, sound, 1000U, NAN, NAN);
  cr_assert_eq(view_history_count(h), 0U);
  view_history_set_sound(h, 1000U, 0U);
  view_history_add(h, sound, sound, 1000U, NAN, INFINITY);
  cr_assert_eq(view_history_count(h), 62U);
  view_history_free(h);
}

/// Return the luminance of a colour as WCAG 2 defines it
static double
luminance(const uint32_t color)
{
  static const double weights[] = {0.0722, 0.7152, 0.2126};
  double              sum       = 0.0;
  for (unsigned i = 0U; i < 3U; ++i) {
    const double c = ((color >> (8U * i)) & 0xffU) / 255.0;
    sum +=
      weights[i] * (c <= 0.03928 ? c / 12.92 : pow((c + 0.055) / 1.055, 2.4));
  }
  return sum;
}

static double
contrast(const uint32_t a, const uint32_t b)
{
  const double x = luminance(a) + 0.05;
  const double y = luminance(b) + 0.05;
  return x > y ? x / y : y / x;
}

Test(view, texts_can_be_read)
{
  for (int is_light = 0; is_light < 2; ++is_light) {
    ViewTheme t;
    view_theme(&t, is_light);
    const uint32_t grounds[] = {t.ground, t.panel, t.well};
    const uint32_t texts[]   = {t.text, t.dim, t.accent};
    for (unsigned i = 0U; i < 9U; ++i) {
      cr_assert_geq(contrast(grounds[i % 3U], texts[i / 3U]), 4.5, "%u", i);
    }
    cr_assert_geq(contrast(t.alarm, t.ground), 4.5);
    cr_assert_geq(contrast(t.on_accent, t.accent), 4.5);
    cr_assert_geq(contrast(t.on_alarm, t.alarm), 4.5);
    cr_assert_geq(contrast(t.tip_text, t.tip), 4.5);
  }
}

Test(view, louder_is_lighter_or_darker_all_the_way)
{
  for (int is_light = 0; is_light < 2; ++is_light) {
    ViewTheme t;
    view_theme(&t, is_light);
    for (unsigned i = 8U; i < 256U; i += 8U) {
      const double step = luminance(t.levels[i]) - luminance(t.levels[i - 8U]);
      cr_assert(is_light ? step < 0.0 : step > 0.0, "%u", i);
    }
  }
}
