// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file fields.h

   Values out of a JSON object from a stranger.  The first thing that is wrong
   is kept with its place; after that every call is harmless, so that a reader
   can ask for all it wants and look once.
*/

#ifndef GRUS_FIELDS_H
#define GRUS_FIELDS_H

#include "grus/attributes.h"
#include "grus/status.h"

#include <jansson.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// An object, what it is called, and the first thing that was wrong
typedef struct {
  json_t*      object;
  char         where[96]; ///< Like: layer "encoder"
  GrusStatus   status;
  GrusMessage* message;
} GrusFields;

/// Keep the first failure, under the place that is being read
#ifdef __GNUC__
__attribute__((format(printf, 3, 4)))
#endif
void
grus_fields_fail(GrusFields* fields, GrusStatus st, const char* format, ...);

/// Say what is being read; characters that do not print become question marks
#ifdef __GNUC__
__attribute__((format(printf, 2, 3)))
#endif
void
grus_fields_enter(GrusFields* fields, const char* format, ...);

/// Refuse keys that are not in `known`, a null-terminated list
void
grus_fields_check_keys(GrusFields* fields, const char* const* known);

/// Return whether there is a value under `key`
bool
grus_fields_has(const GrusFields* fields, const char* key);

/// Return a whole number from `least` to `most`
uint32_t
grus_fields_u32(GrusFields* fields,
                const char* key,
                uint32_t    least,
                uint32_t    most);

/// Return a number from `least` to `most`
float
grus_fields_float(GrusFields* fields,
                  const char* key,
                  double      least,
                  double      most);

/// Return a truth value
bool
grus_fields_bool(GrusFields* fields, const char* key);

/// Return a text owned by the object, never null
const char*
grus_fields_text(GrusFields* fields, const char* key);

/// Return an object or array, or null
json_t*
grus_fields_array(GrusFields* fields, const char* key);

/// Return a copy of `text`, where characters that do not print are replaced
char*
grus_fields_copy(GrusFields* fields, const char* text);

#endif // GRUS_FIELDS_H
