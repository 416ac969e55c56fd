// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file json.h

   JSON from a stranger, as values of jansson.

   jansson's own reader cannot be had for this: where memory runs out within a
   long token it leaves out characters of a text without a word, reads on beyond
   it, or aborts.  Its values tell when there is no memory for them.
*/

#ifndef GRUS_JSON_H
#define GRUS_JSON_H

#include "grus/attributes.h"
#include "grus/status.h"

#include <jansson.h>

#include <stddef.h>

enum {
  GRUS_JSON_MAX_DEPTH = 32, ///< Lists and objects in each other

  /// Most bytes that each byte of a text takes while and after it is read
  GRUS_JSON_MEMORY_FACTOR = 128
};

/**
   Read a text that is one JSON value and white space around it.

   A key may be there only once in its object, and no string holds U+0000.

   @param most_values Most values in the text, those in lists and objects
   counted, so that memory is bound.
   @param value Set to a new value, to be freed with json_decref().  Untouched
   on error.
   @param message Set on error to what follows "this text ", like "is not valid
   JSON (byte 7)", or null.
*/
GRUS_NODISCARD GrusStatus
grus_json_read(const char*  text,
               size_t       size,
               size_t       most_values,
               json_t**     value,
               GrusMessage* message);

#endif // GRUS_JSON_H
