// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file input.h

   What pointer and keys do to the view; knows no X, so that tests can turn
   everything.
*/

#ifndef GRUS_TOOLS_VIEW_WINDOW_INPUT_H
#define GRUS_TOOLS_VIEW_WINDOW_INPUT_H

#include "grus/params.h"
#include "view/draw/draw.h"
#include "view/draw/layout.h"
#include "view/model/values.h"

#include <stdbool.h>

enum { VIEW_TYPED_SIZE = 12 };

/// Who is told what a person does
typedef struct {
  void* handle;
  void (*set_param)(void* handle, GrusParam param, float value);
  /// A person takes hold of a parameter, or lets it go
  void (*touch)(void* handle, GrusParam param, bool held);
  /// Line `index` of the menu of an item was chosen
  void (*choose)(void* handle, ViewItem item, unsigned index);
  /// The window wants to have another size, pixels
  void (*resize)(void* handle, int width, int height);
} ViewOwner;

/// The lines of a menu, which stay the owner's
typedef struct {
  const char* const* lines;
  unsigned           n;
} ViewLines;

/// Keys that are no characters
typedef enum {
  VIEW_KEY_NONE,
  VIEW_KEY_TAB,
  VIEW_KEY_BACK_TAB,
  VIEW_KEY_UP,
  VIEW_KEY_DOWN,
  VIEW_KEY_ENTER,
  VIEW_KEY_ESCAPE,
  VIEW_KEY_ERASE,
  VIEW_KEY_RESET,
} ViewKey;

/// How a button was pressed
typedef struct {
  bool twice; ///< For the second time, soon after the first
  bool reset; ///< With Ctrl
} ViewPress;

/// What a person is doing
typedef struct {
  ViewValues*       values;
  const ViewLayout* layout;
  ViewOwner         owner;
  ViewLines         presets;
  ViewLines         models;
  ViewItem          focus;
  ViewItem          hot;
  ViewItem          drag;
  ViewItem          edit;
  ViewItem          tip;
  ViewMenu          menu;
  char              typed[VIEW_TYPED_SIZE];
  double            last_y;  ///< Of a drag, pixels
  double            part;    ///< Where the drag has brought the value
  double            tip_due; ///< When the tool tip opens, seconds
  bool              changed; ///< What is drawn of all this is another
} ViewInput;

/// Begin with nothing touched
void
view_input_init(ViewInput*        input,
                ViewValues*       values,
                const ViewLayout* layout,
                const ViewOwner*  owner);

/// A button goes down; places are in pixels
void
view_input_press(ViewInput* input, double x, double y, ViewPress how);

/// The pointer moves, `fine` with Shift
void
view_input_move(ViewInput* input, double x, double y, bool fine, double now);

/// The button goes up
void
view_input_release(ViewInput* input);

/// The pointer leaves the window
void
view_input_leave(ViewInput* input);

/// The wheel turns, away from the person where `steps` are positive
void
view_input_wheel(ViewInput* input, double x, double y, double steps, bool fine);

/// A key is pressed; false if it means nothing here
bool
view_input_key(ViewInput* input, ViewKey key, bool fine);

/// A character is typed; false if it means nothing here
bool
view_input_type(ViewInput* input, char character);

/// Open the tool tip if it is time
void
view_input_wait(ViewInput* input, double now);

#endif // GRUS_TOOLS_VIEW_WINDOW_INPUT_H
