// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "render/batch/report/row.h"

#include "render/batch/files/items.h"

#include <jansson.h>

#include <stddef.h>

/// Less voice than this share of the time is little for a recording of speech
static const double little_voice = 0.1;

static double
number(const json_t* const json, const char* const name)
{
  return json_number_value(json_object_get(json, name));
}

BatchRow
batch_row(const json_t* const line, const BatchItem* const item)
{
  const json_t* const messages = json_object_get(line, "messages");
  const char* const   error = json_string_value(json_object_get(line, "error"));
  const BatchRow      row   = {
           .input    = item->in,
           .output   = item->out,
           .error    = line ? error : "not done",
           .message  = json_string_value(json_array_get(messages, 0U)),
           .seconds  = number(line, "seconds"),
           .before   = number(json_object_get(line, "before"), "rms_dbfs"),
           .after    = number(json_object_get(line, "after"), "rms_dbfs"),
           .pauses   = number(line, "reduction_in_pauses_db"),
           .activity = number(line, "voice_activity"),
           .n_clipped = json_integer_value(json_object_get(line, "clipped_samples"))};
  return row;
}

const char*
batch_row_look(const BatchRow* const row)
{
  return row->error                     ? "failed"
         : row->n_clipped               ? "clipped"
         : row->activity < little_voice ? "little voice"
         : row->message                 ? "message"
                                        : "ok";
}

double
batch_row_concern(const BatchRow* const row)
{
  const double n_clipped = (double)row->n_clipped;
  return row->error        ? 4.0
         : n_clipped > 0.0 ? 3.0 + (n_clipped / (n_clipped + 48000.0))
         : row->activity < little_voice ? 3.0 - row->activity
         : row->message                 ? 1.0
                                        : 0.0;
}
