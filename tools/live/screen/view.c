// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/screen/view.h"

#include "grus/grus.h"
#include "live/screen/status.h"

#include <ncurses.h>

#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

enum {
  LINE_SIZE = 512,
  TEXT_SIZE = 32,
};

// Lines of the screen, which fit in 24 where it is wide enough
enum {
  ROW_TITLE   = 0,
  ROW_DEVICES = 1,
  ROW_METERS  = 3,
  ROW_HEALTH  = 8,
  ROWS_FOOT   = 2, ///< A message and keys
};

/// A place where texts follow each other, in as many lines as they need
typedef struct {
  int row;
  int column;
} Flow;

/// Print at a place, cut off at the edge
__attribute__((format(printf, 3, 4))) static void
print_at(const int row, const int column, const char* const format, ...)
{
  char    line[LINE_SIZE];
  va_list args;
  va_start(args, format);
  vsnprintf(line, sizeof(line), format, args);
  va_end(args);
  if (column < COLS) {
    mvaddnstr(row, column, line, COLS - column);
  }
}

/// Columns for a bar between its name and its number
static int
bar_width(void)
{
  return COLS > 50 ? COLS - 34 : 16;
}

static void
draw_bar(const int         row,
         const char* const name,
         const float       value,
         const float       lowest,
         const float       highest,
         const char* const unit)
{
  const int   width = bar_width();
  const float share = (value - lowest) / (highest - lowest);
  const int   n = (int)lrintf(fminf(fmaxf(share, 0.0f), 1.0f) * (float)width);

  print_at(row, 1, "%-14s", name);
  attron(A_REVERSE);
  for (int i = 0; i < n; ++i) {
    mvaddch(row, 16 + i, ' ');
  }
  attroff(A_REVERSE);
  for (int i = n; i < width; ++i) {
    mvaddch(row, 16 + i, '.');
  }
  print_at(row, 17 + width, "%7.1f %s", (double)value, unit);
}

static void
draw_meters(const LiveStatus* const status)
{
  const float* const meters = status->meters;
  draw_bar(
    ROW_METERS, "Input", meters[GRUS_METER_INPUT_LEVEL], -60.0f, 0.0f, "dBFS");
  draw_bar(ROW_METERS + 1,
           "Output",
           meters[GRUS_METER_OUTPUT_LEVEL],
           -60.0f,
           0.0f,
           "dBFS");
  draw_bar(ROW_METERS + 2,
           "Taken away",
           meters[GRUS_METER_REDUCTION],
           0.0f,
           60.0f,
           "dB");
  draw_bar(ROW_METERS + 3,
           "Voice",
           100.0f * meters[GRUS_METER_ACTIVITY],
           0.0f,
           100.0f,
           "%");
}

static void
draw_title(const LiveStatus* const status)
{
  const int seconds = (int)status->seconds;
  attron(A_BOLD);
  print_at(ROW_TITLE, 1, "Grus");
  attroff(A_BOLD);
  print_at(ROW_TITLE,
           8,
           "%02d:%02d:%02d   %u Hz, %u channel%s, blocks of %u",
           seconds / 3600,
           seconds / 60 % 60,
           seconds % 60,
           status->plan->sample_rate,
           status->plan->n_channels,
           status->plan->n_channels == 1U ? "" : "s",
           status->block);
  print_at(ROW_DEVICES, 1, "%s -> %s", status->input, status->output);
}

/// Put a text behind the last one, or into the next line if it does not fit
__attribute__((format(printf, 2, 3))) static void
flow(Flow* const place, const char* const format, ...)
{
  char    text[LINE_SIZE];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof(text), format, args);
  va_end(args);

  const int length = (int)strlen(text);
  if (place->column > 1 && place->column + length >= COLS) {
    ++place->row;
    place->column = 1;
  }
  print_at(place->row, place->column, "%s", text);
  place->column += length + 2;
}

static void
flow_health(Flow* const place, const LiveStatus* const status)
{
  flow(
    place, "Latency %.1f ms", status->engine_latency + status->device_latency);
  flow(place,
       "(engine %.1f, device %.1f)",
       status->engine_latency,
       status->device_latency);
  flow(place,
       "Load %.1f %% (worst %.0f)",
       100.0 * status->load,
       100.0 * status->worst_load);
  flow(place, "Xruns %llu", (unsigned long long)status->n_xruns);
}

static void
flow_model(Flow* const place, const LiveStatus* const status)
{
  flow(place, "Model %s ", status->model);
  if (status->loading) {
    flow(place, "loading %s ", status->loading);
  }
  flow(place,
       "Preset %s%s ",
       status->preset ? status->preset : "none",
       status->preset_changed ? ", changed" : "");
  if (status->record) {
    flow(
      place, "Recording %s, %.0f s", status->record, status->recorded_seconds);
  }
}

/// Draw how it goes; return the row below
static int
draw_state(const LiveStatus* const status)
{
  Flow place = {ROW_HEALTH, 1};
  flow_health(&place, status);
  ++place.row;
  place.column = 1;
  flow_model(&place, status);
  ++place.row;
  place.column = 1;
  if (status->resting) {
    attron(A_BOLD);
    flow(&place, "Resting: the machine cannot keep up,");
    flow(&place, "the sound is dry");
    attroff(A_BOLD);
  } else if (status->plan->two_clocks) {
    flow(&place, "The clocks differ by %+.1f ppm", status->drift);
  }
  return place.row + 1;
}

/// Return the first parameter to draw where there is no room for all
static uint32_t
first_param(const LiveView* const view, const uint32_t n_rows)
{
  const uint32_t most = n_rows < GRUS_N_PARAMS ? GRUS_N_PARAMS - n_rows : 0U;
  const uint32_t half = n_rows / 2U;
  const uint32_t wish = view->chosen > half ? view->chosen - half : 0U;
  return wish < most ? wish : most;
}

static void
draw_params(const LiveView* const   view,
            const LiveStatus* const status,
            const int               row)
{
  const int      room   = LINES - ROWS_FOOT - row;
  const uint32_t n_rows = room > 0 ? (uint32_t)room : 0U;
  const uint32_t first  = first_param(view, n_rows);
  for (uint32_t i = first; i < GRUS_N_PARAMS && i < first + n_rows; ++i) {
    char text[TEXT_SIZE];
    live_status_value(i, status->params[i], text, TEXT_SIZE);
    if (i == view->chosen) {
      attron(A_REVERSE);
    }
    print_at(row + (int)(i - first),
             1,
             " %-16s %12s ",
             grus_param_info(i)->name,
             text);
    attroff(A_REVERSE);
  }
}

static void
draw_help(const int row)
{
  static const char* const lines[] = {
    "Up, Down     choose a parameter      Left, Right  change it",
    "- and +      take away less, more    Page keys    change it faster",
    "b  Space     bypass, and back        l            hear what is removed",
    "m            the next model          p            the next preset",
    "h  ?         this help               q            end",
  };

  for (size_t i = 0U; i < sizeof(lines) / sizeof(lines[0]); ++i) {
    print_at(row + (int)i, 1, "%s", lines[i]);
  }
}

static void
draw_foot(const LiveView* const view)
{
  if (view->message) {
    print_at(LINES - 2, 1, "%s", view->message);
  }
  print_at(
    LINES - 1,
    1,
    "%.*s",
    COLS - 2,
    "h help  +/- reduction  b bypass  l listen  m model  p preset  q quit");
}

void
live_view_draw(const LiveView* const view, const LiveStatus* const status)
{
  erase();
  draw_title(status);
  draw_meters(status);
  const int row = draw_state(status);
  if (view->help) {
    draw_help(row);
  } else {
    draw_params(view, status, row);
  }
  move(LINES - ROWS_FOOT, 0); // Nothing else may show through
  clrtobot();
  draw_foot(view);
  refresh();
}
