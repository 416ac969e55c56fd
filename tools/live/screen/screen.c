// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/screen/screen.h"

#include "cli/say.h"
#include "grus/grus.h"
#include "host/clock.h"
#include "live/screen/status.h"

#include <ncurses.h>

#include <unistd.h>

#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  KEY_WAIT     = 50, ///< Milliseconds
  LINE_SIZE    = 512,
  MESSAGE_SIZE = 256,
  TEXT_SIZE    = 32,
};

// Lines of the screen, which fit in 24
enum {
  ROW_TITLE   = 0,
  ROW_DEVICES = 1,
  ROW_METERS  = 3,
  ROW_HEALTH  = 8,
  ROW_MODEL   = 9,
  ROW_PARAMS  = 11,
};

static const double message_seconds = 10.0;

/// What the screen remembers
static struct {
  SCREEN*  terminal; ///< Null while it is not taken
  uint32_t chosen;   ///< Parameter under the cursor
  bool     help;
  char     message[MESSAGE_SIZE];
  double   message_time;
} screen;

static void
show_message(const char* const line)
{
  snprintf(screen.message, MESSAGE_SIZE, "%s", line);
  screen.message_time = clock_seconds();
}

bool
live_screen_is_possible(void)
{
  const char* const term = getenv("TERM");
  return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && term &&
         strcmp(term, "dumb") != 0;
}

bool
live_screen_open(void)
{
  setlocale(LC_CTYPE, ""); // So that names of devices are shown as they are
  screen.terminal = newterm(NULL, stdout, stdin);
  if (!screen.terminal) {
    return false;
  }

  set_term(screen.terminal);
  cbreak();
  noecho();
  keypad(stdscr, TRUE);
  curs_set(0);
  timeout(KEY_WAIT);
  say_to(show_message);
  return true;
}

void
live_screen_close(void)
{
  if (screen.terminal) {
    say_to(NULL);
    endwin();
    delscreen(screen.terminal);
    screen.terminal = NULL;
  }
}

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
draw_health(const LiveStatus* const status)
{
  print_at(ROW_HEALTH,
           1,
           "Latency %.1f ms (engine %.1f, device %.1f)  Load %.1f %% (worst "
           "%.0f)  Xruns %llu",
           status->engine_latency + status->device_latency,
           status->engine_latency,
           status->device_latency,
           100.0 * status->load,
           100.0 * status->worst_load,
           (unsigned long long)status->n_xruns);
  if (status->resting) {
    attron(A_BOLD);
    print_at(ROW_HEALTH + 2,
             1,
             "Resting: the machine cannot keep up, the sound is dry");
    attroff(A_BOLD);
  } else if (status->plan->two_clocks) {
    print_at(
      ROW_HEALTH + 2, 1, "The clocks differ by %+.1f ppm", status->drift);
  }
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

static void
draw_model(const LiveStatus* const status)
{
  char recording[LINE_SIZE / 2] = "";
  if (status->record) {
    snprintf(recording,
             sizeof(recording),
             "Recording %s, %.0f s",
             status->record,
             status->recorded_seconds);
  }
  print_at(ROW_MODEL,
           1,
           "Model %s   Preset %s   %s",
           status->model,
           status->preset ? status->preset : "none",
           recording);
}

/// Write a value as people say it
static void
format_value(const uint32_t param, const float value, char* const text)
{
  const GrusParamInfo* const info  = grus_param_info(param);
  const long                 index = lrintf(value);
  if (info->type == GRUS_PARAM_TOGGLE) {
    snprintf(text, TEXT_SIZE, "%s", index ? "on" : "off");
  } else if (info->type == GRUS_PARAM_ENUM && index >= 0 && index < 4 &&
             info->labels[index]) {
    snprintf(text, TEXT_SIZE, "%s", info->labels[index]);
  } else {
    snprintf(text, TEXT_SIZE, "%.4g %s", (double)value, info->unit);
  }
}

static void
draw_params(const LiveStatus* const status)
{
  for (uint32_t i = 0U; i < GRUS_N_PARAMS; ++i) {
    char text[TEXT_SIZE];
    format_value(i, status->params[i], text);
    if (i == screen.chosen) {
      attron(A_REVERSE);
    }
    print_at(
      ROW_PARAMS + (int)i, 1, " %-16s %12s ", grus_param_info(i)->name, text);
    attroff(A_REVERSE);
  }
}

static void
draw_help(void)
{
  static const char* const lines[] = {
    "Up, Down     choose a parameter      Left, Right  change it",
    "- and +      take away less, more    Page keys    change it faster",
    "b  Space     bypass, and back        l            hear what is removed",
    "m            the next model          p            the next preset",
    "h  ?         this help               q            end",
  };

  for (size_t i = 0U; i < sizeof(lines) / sizeof(lines[0]); ++i) {
    print_at(ROW_PARAMS + (int)i, 1, "%s", lines[i]);
  }
}

static void
draw_foot(void)
{
  if (screen.message[0] &&
      clock_seconds() - screen.message_time < message_seconds) {
    print_at(LINES - 2, 1, "%s", screen.message);
  }
  print_at(
    LINES - 1,
    1,
    "%.*s",
    COLS - 2,
    "h help  +/- reduction  b bypass  l listen  m model  p preset  q quit");
}

void
live_screen_draw(const LiveStatus* const status)
{
  erase();
  draw_title(status);
  draw_meters(status);
  draw_health(status);
  draw_model(status);
  if (screen.help) {
    draw_help();
  } else {
    draw_params(status);
  }
  move(LINES - 2, 0); // Nothing else may show through
  clrtobot();
  draw_foot();
  refresh();
}

static float
step_of(const GrusParamInfo* const info)
{
  if (info->type != GRUS_PARAM_FLOAT || !strcmp(info->unit, "dB")) {
    return 1.0f;
  }
  return strcmp(info->unit, "ms") ? 0.05f : 10.0f;
}

/// Change a parameter by some steps; what has only names goes round
static LiveKey
change(const LiveStatus* const status, const GrusParam param, const int steps)
{
  const GrusParamInfo* const info = grus_param_info(param);
  float value = status->params[param] + ((float)steps * step_of(info));
  if (info->type == GRUS_PARAM_FLOAT) {
    value = fminf(fmaxf(value, info->minimum), info->maximum);
  } else if (value > info->maximum) {
    value = info->minimum;
  } else if (value < info->minimum) {
    value = info->maximum;
  }

  const LiveKey key = {LIVE_KEY_PARAM, param, value};
  return key;
}

static LiveKey
ask(const LiveKeyKind kind)
{
  const LiveKey key = {kind, GRUS_PARAM_ENABLED, 0.0f};
  return key;
}

/// Keys that only change what is on the screen
static LiveKey
move_about(const int code)
{
  switch (code) {
  case 'h':
  case '?':
    screen.help = !screen.help;
    break;
  case KEY_UP:
    screen.chosen = (screen.chosen + GRUS_N_PARAMS - 1U) % GRUS_N_PARAMS;
    break;
  case KEY_DOWN:
    screen.chosen = (screen.chosen + 1U) % GRUS_N_PARAMS;
    break;
  case KEY_RESIZE:
    clear();
    break;
  default:
    break;
  }

  return ask(LIVE_KEY_NONE);
}

LiveKey
live_screen_key(const LiveStatus* const status)
{
  const GrusParam chosen = (GrusParam)screen.chosen;
  const int       code   = getch();
  switch (code) {
  case 'q':
    return ask(LIVE_KEY_QUIT);
  case 'm':
    return ask(LIVE_KEY_MODEL);
  case 'p':
    return ask(LIVE_KEY_PRESET);
  case 'b':
  case ' ':
    return change(status, GRUS_PARAM_ENABLED, 1);
  case 'l':
    return change(status, GRUS_PARAM_LISTEN, 1);
  case '+':
  case '=':
    return change(status, GRUS_PARAM_REDUCTION, 1);
  case '-':
    return change(status, GRUS_PARAM_REDUCTION, -1);
  case KEY_LEFT:
    return change(status, chosen, -1);
  case KEY_RIGHT:
    return change(status, chosen, 1);
  case KEY_NPAGE:
    return change(status, chosen, -10);
  case KEY_PPAGE:
    return change(status, chosen, 10);
  default:
    return move_about(code);
  }
}
