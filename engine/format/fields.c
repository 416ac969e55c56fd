// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "format/fields.h"

#include "base/message.h"

#include <jansson.h>

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
grus_fields_fail(GrusFields* const fields,
                 const GrusStatus  st,
                 const char* const format,
                 ...)
{
  if (!fields->status) {
    char    reason[160];
    va_list args;
    va_start(args, format);
    vsnprintf(reason, sizeof(reason), format, args);
    va_end(args);
    fields->status =
      grus_fail(fields->message, st, "%s: %s", fields->where, reason);
  }
}

void
grus_fields_enter(GrusFields* const fields, const char* const format, ...)
{
  va_list args;
  va_start(args, format);
  vsnprintf(fields->where, sizeof(fields->where), format, args);
  va_end(args);
}

void
grus_fields_check_keys(GrusFields* const fields, const char* const* const known)
{
  const char* key   = NULL;
  json_t*     value = NULL;
  json_object_foreach(fields->object, key, value)
  {
    size_t i = 0U;
    while (known[i] && strcmp(known[i], key) != 0) {
      ++i;
    }
    if (!known[i]) {
      grus_fields_fail(
        fields, GRUS_ERR_UNSUPPORTED, "unknown field \"%.48s\"", key);
    }
  }
}

static json_t*
get(GrusFields* const fields, const char* const key)
{
  json_t* const value = json_object_get(fields->object, key);
  if (!value) {
    grus_fields_fail(
      fields, GRUS_ERR_BAD_FORMAT, "there is no field \"%s\"", key);
  }

  return value;
}

bool
grus_fields_has(const GrusFields* const fields, const char* const key)
{
  return !!json_object_get(fields->object, key);
}

uint32_t
grus_fields_u32(GrusFields* const fields,
                const char* const key,
                const uint32_t    least,
                const uint32_t    most)
{
  const json_t* const value = get(fields, key);
  if (value && json_is_integer(value) && json_integer_value(value) >= least &&
      json_integer_value(value) <= most) {
    return (uint32_t)json_integer_value(value);
  }

  grus_fields_fail(fields,
                   GRUS_ERR_BAD_FORMAT,
                   "field \"%s\" is not a whole number from %u to %u",
                   key,
                   least,
                   most);
  return least;
}

float
grus_fields_float(GrusFields* const fields,
                  const char* const key,
                  const double      least,
                  const double      most)
{
  const json_t* const value = get(fields, key);
  if (value && json_is_number(value) && json_number_value(value) >= least &&
      json_number_value(value) <= most) {
    return (float)json_number_value(value);
  }

  grus_fields_fail(fields,
                   GRUS_ERR_BAD_FORMAT,
                   "field \"%s\" is not a number from %g to %g",
                   key,
                   least,
                   most);
  return (float)least;
}

bool
grus_fields_bool(GrusFields* const fields, const char* const key)
{
  const json_t* const value = get(fields, key);
  if (value && !json_is_boolean(value)) {
    grus_fields_fail(
      fields, GRUS_ERR_BAD_FORMAT, "field \"%s\" is not true or false", key);
  }

  return json_is_true(value);
}

const char*
grus_fields_text(GrusFields* const fields, const char* const key)
{
  const json_t* const value = get(fields, key);
  if (value && !json_is_string(value)) {
    grus_fields_fail(
      fields, GRUS_ERR_BAD_FORMAT, "field \"%s\" is not a text", key);
  }

  return json_is_string(value) ? json_string_value(value) : "";
}

json_t*
grus_fields_array(GrusFields* const fields, const char* const key)
{
  json_t* const value = get(fields, key);
  if (value && !json_is_array(value)) {
    grus_fields_fail(
      fields, GRUS_ERR_BAD_FORMAT, "field \"%s\" is not a list", key);
  }

  return json_is_array(value) ? value : NULL;
}

char*
grus_fields_copy(GrusFields* const fields, const char* const text)
{
  const size_t size = (GRUS_VISIBLE_GROWTH * strlen(text)) + 1U;
  char* const  copy = (char*)malloc(size);
  if (copy) {
    grus_make_visible(copy, size, text);
  } else {
    grus_fields_fail(fields, GRUS_ERR_NO_MEM, "no memory");
  }

  return copy;
}
