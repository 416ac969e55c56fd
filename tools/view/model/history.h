// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file history.h

   The last ten seconds of what went in and what came out, as spectra on one
   time axis, with voice activity and reduction.
*/

#ifndef GRUS_TOOLS_VIEW_MODEL_HISTORY_H
#define GRUS_TOOLS_VIEW_MODEL_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  VIEW_ROWS       = 128, ///< Of a spectrum, low tones first
  VIEW_SECONDS    = 10,
  VIEW_PER_SECOND = 60, ///< Columns
  VIEW_COLUMNS    = VIEW_SECONDS * VIEW_PER_SECOND,
  VIEW_TOP_HZ     = 20000, ///< Where the rows end
  VIEW_MAX_RATE   = 48000, ///< Of the sound that is added, Hz
  VIEW_REDUCTION  = 60,    ///< dB that fill the strip of reduction
};

/// One moment; every value is 0 to 255
typedef struct {
  uint8_t in[VIEW_ROWS];  ///< From -100 to -25 dB below a full-scale sine
  uint8_t out[VIEW_ROWS]; ///< Likewise
  uint8_t activity;       ///< From 0 to 1
  uint8_t reduction;      ///< From 0 to #VIEW_REDUCTION dB
} ViewColumn;

/// The moments of the last ten seconds
typedef struct ViewHistoryImpl ViewHistory;

/// Return an empty history, or null without memory
ViewHistory*
view_history_new(void);

/// Free `history` (null is allowed)
void
view_history_free(ViewHistory* history);

/**
   Say how the sound is that will be added; nothing happens if it was so before.

   @param rate At most #VIEW_MAX_RATE, Hz; others are ignored.
   @param delay Samples by which the sound that comes out is later; the sound
   that goes in is shown so much later.
*/
void
view_history_set_sound(ViewHistory* history, uint32_t rate, uint32_t delay);

/// Add `n` samples of both sounds; the columns that they fill get the rest
void
view_history_add(ViewHistory*   history,
                 const int16_t* in,
                 const int16_t* out,
                 size_t         n,
                 float          activity,
                 float          reduction);

/// Return how many columns there were since the beginning
uint64_t
view_history_count(const ViewHistory* history);

/// Return a column by its number, or null if it is too old or to come
const ViewColumn*
view_history_column(const ViewHistory* history, uint64_t number);

/// Return the row in which a frequency lies, with its fraction
double
view_history_row(double hz);

#endif // GRUS_TOOLS_VIEW_MODEL_HISTORY_H
