// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "view/window/events.h"

#include "view/draw/layout.h"
#include "view/window/impl.h"
#include "view/window/input.h"
#include "view/window/window.h"

#include <X11/X.h>
#include <X11/Xlib.h>
#include <X11/Xutil.h>
#include <X11/keysym.h>

#include <stdbool.h>
#include <stdlib.h>

static const Time twice_ms = 400U;
enum { TWICE_PIXELS = 6, WHEEL_UP = Button4, WHEEL_DOWN = Button5 };

static bool
is_twice(ViewWindow* const w, const XButtonEvent* const e)
{
  const bool twice = e->time - w->pressed_at <= twice_ms &&
                     abs(e->x - w->pressed_x) <= TWICE_PIXELS &&
                     abs(e->y - w->pressed_y) <= TWICE_PIXELS;
  w->pressed_at = twice ? 0U : e->time;
  w->pressed_x  = e->x;
  w->pressed_y  = e->y;
  return twice;
}

static void
press(ViewWindow* const w, const XButtonEvent* const e)
{
  const bool fine = e->state & ShiftMask;
  if (e->button == WHEEL_UP || e->button == WHEEL_DOWN) {
    view_input_wheel(
      &w->input, e->x, e->y, e->button == WHEEL_UP ? 1.0 : -1.0, fine);
  } else if (e->button == Button1) {
    const ViewPress how = {is_twice(w, e), !!(e->state & ControlMask)};
    XSetInputFocus(w->display, w->id, RevertToParent, e->time);
    w->sizing   = view_layout_hit(&w->layout, e->x, e->y) == VIEW_ITEM_CORNER;
    w->corner_x = w->width - e->x;
    w->corner_y = w->height - e->y;
    view_input_press(&w->input, e->x, e->y, how);
  }
}

static void
move(ViewWindow* const w, const XMotionEvent* const e)
{
  if (w->sizing) {
    const int width  = e->x + w->corner_x;
    const int height = e->y + w->corner_y;
    view_window_set_size(w, width, height);
    if (w->input.owner.resize) {
      w->input.owner.resize(w->input.owner.handle,
                            width > VIEW_MIN_WIDTH ? width : VIEW_MIN_WIDTH,
                            height > VIEW_MIN_HEIGHT ? height
                                                     : VIEW_MIN_HEIGHT);
    }
  } else {
    view_input_move(&w->input, e->x, e->y, e->state & ShiftMask, w->now);
  }
}

static ViewKey
key_of(const KeySym symbol)
{
  switch (symbol) {
  case XK_Tab:
    return VIEW_KEY_TAB;
  case XK_ISO_Left_Tab:
    return VIEW_KEY_BACK_TAB;
  case XK_Up:
  case XK_Right:
  case XK_KP_Up:
  case XK_KP_Right:
    return VIEW_KEY_UP;
  case XK_Down:
  case XK_Left:
  case XK_KP_Down:
  case XK_KP_Left:
    return VIEW_KEY_DOWN;
  case XK_Return:
  case XK_KP_Enter:
    return VIEW_KEY_ENTER;
  case XK_Escape:
    return VIEW_KEY_ESCAPE;
  case XK_BackSpace:
    return VIEW_KEY_ERASE;
  case XK_Delete:
    return VIEW_KEY_RESET;
  default:
    return VIEW_KEY_NONE;
  }
}

/// Keys that mean nothing here are the host's, like the one that plays
static void
press_key(ViewWindow* const w, XKeyEvent* const e)
{
  char       text[8] = "";
  KeySym     symbol  = 0U;
  const int  n       = XLookupString(e, text, sizeof(text) - 1, &symbol, NULL);
  const bool fine    = e->state & ShiftMask;
  const bool used    = view_input_key(&w->input, key_of(symbol), fine) ||
                    (n == 1 && view_input_type(&w->input, text[0]));
  if (!used && w->parent) {
    e->window = w->parent;
    XSendEvent(w->display, w->parent, True, KeyPressMask, (XEvent*)e);
  }
}

static void
change_size(ViewWindow* const w, const XConfigureEvent* const e)
{
  if ((e->width != w->width || e->height != w->height) && e->width > 0 &&
      e->height > 0) {
    w->width   = e->width;
    w->height  = e->height;
    w->resized = true;
  }
}

static void
run_event(ViewWindow* const w, XEvent* const e)
{
  switch (e->type) {
  case ButtonPress:
    press(w, &e->xbutton);
    break;
  case ButtonRelease:
    w->sizing = false;
    view_input_release(&w->input);
    break;
  case MotionNotify:
    move(w, &e->xmotion);
    break;
  case LeaveNotify:
    view_input_leave(&w->input);
    break;
  case KeyPress:
    press_key(w, &e->xkey);
    break;
  case Expose:
    w->exposed = true;
    break;
  case ConfigureNotify:
    change_size(w, &e->xconfigure);
    break;
  case MapNotify:
    w->seen = true;
    break;
  case UnmapNotify:
    w->seen = false;
    break;
  case VisibilityNotify:
    w->covered = e->xvisibility.state == VisibilityFullyObscured;
    break;
  case DestroyNotify:
    w->closed = true;
    break;
  case ClientMessage:
    w->closed = (Atom)e->xclient.data.l[0] == w->delete_atom;
    break;
  default:
    break;
  }
}

void
events_run(ViewWindow* const w)
{
  while (!w->closed && XPending(w->display)) {
    XEvent event;
    XNextEvent(w->display, &event);
    run_event(w, &event);
  }
}
