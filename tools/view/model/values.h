// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file values.h

   What the view shows: values only, which know neither cairo nor X.

   Who owns the view writes them as they come and hands their changes out; the
   drawing reads them.  One thread.
*/

#ifndef GRUS_TOOLS_VIEW_MODEL_VALUES_H
#define GRUS_TOOLS_VIEW_MODEL_VALUES_H

#include "grus/params.h"
#include "view/model/history.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  VIEW_NAME_SIZE  = 128,
  VIEW_ERROR_SIZE = 256,
  VIEW_TEXT_SIZE  = 64, ///< Of a number with its unit
};

/// What has changed since it was drawn
typedef enum {
  VIEW_CHANGED_PARAMS = 1U, ///< Controls
  VIEW_CHANGED_SOUND  = 2U, ///< Spectra, voice activity and reduction
  VIEW_CHANGED_LEVELS = 4U, ///< Level meters
  VIEW_CHANGED_TEXTS  = 8U, ///< Model, load, latency
  VIEW_CHANGED_ALL    = 15U,
} ViewChange;

/// One level meter, dBFS
typedef struct {
  float  level;
  float  hold;       ///< The highest of the last seconds
  double hold_until; ///< When it begins to fall
  bool   clipped;    ///< Was at full scale since somebody clicked it away
} ViewLevel;

enum { VIEW_IN, VIEW_OUT, VIEW_SIDES };

/// Everything that the view shows
typedef struct {
  float        params[GRUS_N_PARAMS];
  bool         has_link; ///< There is more than one channel
  float        meters[GRUS_N_METERS];
  ViewLevel    levels[VIEW_SIDES];
  ViewHistory* history;
  float        load;        ///< Percent of the time there is
  float        load_worst;  ///< The same of the worst block
  float        latency;     ///< Frames
  uint32_t     sample_rate; ///< Hz, 0 where it is not known
  int          xruns;       ///< -1 where they are not counted
  char         model[VIEW_NAME_SIZE];
  char         license[VIEW_TEXT_SIZE];
  char         error[VIEW_ERROR_SIZE]; ///< Why a model was refused, or empty
  bool         loading;                ///< A model has been asked for
  unsigned     changes;                ///< ViewChange, of what is to be drawn
} ViewValues;

/// Begin with every parameter at its default; false without memory
bool
view_values_init(ViewValues* values, bool has_link);

/// Free what view_values_init() made
void
view_values_clear(ViewValues* values);

/// Set a parameter, limited to what it may be; return whether it changed
bool
view_set_param(ViewValues* values, GrusParam param, float value);

/// Set what a meter shows at a time in seconds
void
view_set_meter(ViewValues* values, GrusMeter meter, float value, double now);

/// Let the peaks fall that were held long enough
void
view_let_fall(ViewValues* values, double now);

/// Forget that a side was at full scale, and its highest level
void
view_reset_level(ViewValues* values, unsigned side);

/// Set the load, percent; a change too small to be read is no change
void
view_set_load(ViewValues* values, float mean, float worst);

/// Set the delay of the sound in frames
void
view_set_latency(ViewValues* values, float frames);

/// Set what is known of the model; null texts stay as they are
void
view_set_model(ViewValues* values,
               const char* name,
               const char* license,
               const char* error);

/// Say whether a model has been asked for that does not play yet
void
view_set_loading(ViewValues* values, bool loading);

/// Add sound, 16 bits, of both sides; activity and reduction go with it
void
view_add_sound(ViewValues*    values,
               const int16_t* in,
               const int16_t* out,
               size_t         n);

#endif // GRUS_TOOLS_VIEW_MODEL_VALUES_H
