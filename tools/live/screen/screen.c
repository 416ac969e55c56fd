// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "live/screen/screen.h"

#include "cli/say.h"
#include "grus/grus.h"
#include "host/clock.h"
#include "live/screen/status.h"
#include "live/screen/view.h"

#include <ncurses.h>

#include <unistd.h>

#include <locale.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
  KEY_WAIT     = 50, ///< Milliseconds
  MESSAGE_SIZE = 256,
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

void
live_screen_draw(const LiveStatus* const status)
{
  const bool tells = screen.message[0] &&
                     clock_seconds() - screen.message_time < message_seconds;
  const LiveView view = {
    screen.chosen, screen.help, tells ? screen.message : NULL};
  live_view_draw(&view, status);
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
