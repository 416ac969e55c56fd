// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file row.h

   What the report of a batch tells of one file.
*/

#ifndef GRUS_TOOLS_RENDER_BATCH_REPORT_ROW_H
#define GRUS_TOOLS_RENDER_BATCH_REPORT_ROW_H

#include "render/batch/files/items.h"

#include <jansson.h>

#include <stdint.h>

/// One file
typedef struct {
  const char* input;
  const char* output;
  const char* error;   ///< Why it failed, null if it did not
  const char* message; ///< The first that was told, null if none was
  double      seconds;
  double      before;   ///< Level, dBFS
  double      after;    ///< Likewise
  double      pauses;   ///< By how much the pauses are quieter, dB
  double      activity; ///< Share of the time with voice
  int64_t     n_clipped;
} BatchRow;

/**
   Return the row of an item.

   @param line Of the journal, which must live as long as the row; null if the
   item was not done.
*/
BatchRow
batch_row(const json_t* line, const BatchItem* item);

/// Return in a word or two why somebody should look at it, or "ok"
const char*
batch_row_look(const BatchRow* row);

/// Return how much it needs a look: more before less, 0 for none
double
batch_row_concern(const BatchRow* row);

#endif // GRUS_TOOLS_RENDER_BATCH_REPORT_ROW_H
