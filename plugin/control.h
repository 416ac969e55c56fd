// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file control.h

   What a plugin does outside the audio thread: load models, make streams and
   put them into the slot that the audio thread plays.

   Any thread but the audio thread may call these; a lock keeps them from each
   other.  News for the audio thread goes up on a board.
*/

#ifndef GRUS_PLUGIN_CONTROL_H
#define GRUS_PLUGIN_CONTROL_H

#include "news.h"

#include "grus/grus.h"
#include "grus/slot.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A model that a session refers to
typedef struct {
  const char* path; ///< Empty for the model in the bundle
  uint64_t    hash; ///< Of the file, 0 if unknown
  const void* data; ///< The file itself, or null
  size_t      size; ///< Of `data`
} ModelReference;

/// The control side of one instance
typedef struct ControlImpl Control;

/**
   Return a control side that plays the model in `bundle_path`, or null.

   @param message Set to the reason if null is returned.
*/
Control*
control_new(const char*  bundle_path,
            uint32_t     n_channels,
            uint32_t     sample_rate,
            GrusMessage* message);

/// Free `control` (null is allowed) and the slot
void
control_free(Control* control);

/// Return what the audio thread plays, valid as long as `control`
GrusSlot*
control_slot(const Control* control);

/**
   Load a model and have it played.

   Where the file is missing or another one than `reference` says, its data or
   a file of the same name and contents beside the bundle's model is taken.  If
   all fails the old model plays on; the reference is kept to be saved again,
   and the news tell the reason.

   @param message Set to what is wrong, empty if nothing is.
   @return Whether a model was loaded.
*/
bool
control_load(Control*              control,
             const ModelReference* reference,
             GrusMessage*          message);

/// Replace the stream by a new one of the same model
bool
control_rebuild(Control* control);

/// Free what the audio thread does not play any more
void
control_collect(Control* control);

/**
   Call `visit` with the reference to be saved, under the lock.

   @param embed Whether the data are wanted.
*/
void
control_save(Control* control,
             bool     embed,
             void (*visit)(void* handle, const ModelReference* reference),
             void* handle);

/// Take the newest news, if there are any (audio thread, real-time safe)
bool
control_take_news(Control* control, ModelNews* news);

#endif // GRUS_PLUGIN_CONTROL_H
