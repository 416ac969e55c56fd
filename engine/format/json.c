// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "format/json.h"

#include "base/message.h"
#include "base/utf8.h"

#include <jansson.h>

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_NUMBER = 64 }; ///< Longest number that is read

typedef struct {
  const char*  text;
  size_t       size;
  size_t       at;       ///< Bytes that have been read
  size_t       n_left;   ///< Values that may still come
  unsigned     depth;    ///< Lists and objects around what is read
  char*        strings;  ///< Room for all strings of the text, decoded
  size_t       n_string; ///< Bytes of it that are taken
  GrusStatus   status;   ///< First failure
  GrusMessage* message;
} Reader;

static json_t*
fail_text(Reader* const r, const GrusStatus st, const char* const what)
{
  if (!r->status) {
    r->status = grus_fail(r->message, st, "%s (byte %zu)", what, r->at);
  }
  return NULL;
}

static json_t*
fail_syntax(Reader* const r)
{
  return fail_text(r, GRUS_ERR_BAD_FORMAT, "is not valid JSON");
}

static json_t*
fail_memory(Reader* const r)
{
  return fail_text(r, GRUS_ERR_NO_MEM, "needs more memory than there is");
}

/// Return the next character, null at the end
static char
peek(const Reader* const r)
{
  return r->at < r->size ? r->text[r->at] : '\0';
}

static bool
take(Reader* const r, const char c)
{
  const bool there = peek(r) == c && r->at < r->size;
  r->at += there;
  return there;
}

static void
skip_space(Reader* const r)
{
  while (peek(r) == ' ' || peek(r) == '\t' || peek(r) == '\n' ||
         peek(r) == '\r') {
    ++r->at;
  }
}

static bool
take_word(Reader* const r, const char* const word)
{
  const size_t n = strlen(word);
  if (r->size - r->at < n || memcmp(r->text + r->at, word, n)) {
    return false;
  }
  r->at += n;
  return true;
}

/// Read four hexadecimal digits; returns more than U+FFFF if they are not there
static uint32_t
take_hex(Reader* const r)
{
  uint32_t value = 0U;
  for (unsigned i = 0U; i < 4U; ++i) {
    const char c     = peek(r);
    const bool digit = c >= '0' && c <= '9';
    const char lower = (char)(c | 0x20);
    if (!digit && (lower < 'a' || lower > 'f')) {
      return UINT32_MAX;
    }
    value = (value << 4U) | (uint32_t)(digit ? c - '0' : lower - 'a' + 10);
    ++r->at;
  }
  return value;
}

static bool
is_surrogate(const uint32_t c, const uint32_t first)
{
  return c >= first && c < first + 0x400U;
}

/// Read what follows `\u`: a character other than U+0000, else 0
static uint32_t
take_unicode(Reader* const r)
{
  const uint32_t high = take_hex(r);
  if (is_surrogate(high, 0xD800U)) {
    const uint32_t low = take_word(r, "\\u") ? take_hex(r) : 0U;
    return is_surrogate(low, 0xDC00U)
             ? 0x10000U + ((high - 0xD800U) << 10U) + (low - 0xDC00U)
             : 0U;
  }
  return high > 0xFFFFU || is_surrogate(high, 0xDC00U) ? 0U : high;
}

/// Write a character as UTF-8
static void
put_unicode(Reader* const r, const uint32_t c)
{
  char* const    to = r->strings + r->n_string;
  const unsigned n  = c < 0x80U ? 1U : c < 0x800U ? 2U : c < 0x10000U ? 3U : 4U;
  const uint32_t first = n > 1U ? (0xF00U >> n) & 0xFFU : 0U;
  for (unsigned i = 0U; i < n; ++i) {
    const uint32_t bits = c >> (6U * (n - 1U - i));
    to[i]               = (char)(i ? 0x80U | (bits & 0x3FU) : first | bits);
  }
  r->n_string += n;
}

/// Read what follows a backslash
static bool
take_escape(Reader* const r)
{
  static const char marks[]   = "\"\\/bfnrt";
  static const char meaning[] = "\"\\/\b\f\n\r\t";

  const char        c    = peek(r);
  const char* const mark = c ? strchr(marks, c) : NULL;
  if (mark) {
    ++r->at;
    r->strings[r->n_string++] = meaning[mark - marks];
    return true;
  }

  const uint32_t unicode = take(r, 'u') ? take_unicode(r) : 0U;
  if (unicode) {
    put_unicode(r, unicode);
  }
  return unicode;
}

static bool
is_utf8(const char* text)
{
  uint32_t character = 0U;
  size_t   n         = 0U;
  while (*text && (n = grus_utf8_decode(text, &character))) {
    text += n;
  }
  return !*text;
}

/// Read a string, which stays until the reader is done, or return null
static const char*
take_string(Reader* const r)
{
  const size_t start = r->n_string;
  bool         ok    = take(r, '"');
  while (ok && peek(r) != '"') {
    if (take(r, '\\')) {
      ok = take_escape(r);
    } else if ((ok = (unsigned char)peek(r) >= 0x20U)) {
      r->strings[r->n_string++] = r->text[r->at++];
    }
  }

  r->strings[r->n_string++] = '\0';
  if (!ok || !take(r, '"') || !is_utf8(r->strings + start)) {
    fail_syntax(r);
    return NULL;
  }
  return r->strings + start;
}

static bool
take_digits(Reader* const r)
{
  const size_t start = r->at;
  while (peek(r) >= '0' && peek(r) <= '9') {
    ++r->at;
  }
  return r->at > start;
}

/// Pass over a number; sets `whole` to whether it is written as an integer
static bool
skip_number(Reader* const r, bool* const whole)
{
  (void)take(r, '-');
  bool ok = take(r, '0') || take_digits(r);
  *whole  = true;
  if (ok && take(r, '.')) {
    *whole = false;
    ok     = take_digits(r);
  }
  if (ok && (take(r, 'e') || take(r, 'E'))) {
    *whole = false;
    (void)(take(r, '+') || take(r, '-'));
    ok = take_digits(r);
  }
  return ok;
}

/// Write the point of a number as the host's locale has it, for strtod()
static void
localize(char* const number)
{
  char* const point = strchr(number, '.');
  char        half[8];
  snprintf(half, sizeof(half), "%.1f", 0.5);
  if (point) {
    *point = half[1];
  }
}

static json_t*
read_number(Reader* const r)
{
  const size_t start = r->at;
  bool         whole = false;
  char         number[MAX_NUMBER];
  if (!skip_number(r, &whole) || r->at - start >= MAX_NUMBER) {
    return fail_syntax(r);
  }

  memcpy(number, r->text + start, r->at - start);
  number[r->at - start] = '\0';
  errno                 = 0;
  if (whole) {
    const long long value = strtoll(number, NULL, 10);
    return errno ? fail_syntax(r) : json_integer(value);
  }

  localize(number);
  const double value = strtod(number, NULL);
  return isfinite(value) ? json_real(value) : fail_syntax(r);
}

static json_t*
read_value(Reader* r);

static json_t*
read_list(Reader* const r)
{
  json_t* const list = json_array();
  if (!list) {
    return fail_memory(r);
  }

  skip_space(r);
  bool more = !take(r, ']');
  while (more && !r->status) {
    json_t* const value = read_value(r);
    if (value && json_array_append_new(list, value)) {
      fail_memory(r);
    }
    skip_space(r);
    more = take(r, ',');
    if (!more && !take(r, ']')) {
      fail_syntax(r);
    }
  }
  return list;
}

static void
read_member(Reader* const r, json_t* const object)
{
  skip_space(r);
  const char* const key = take_string(r);
  if (!key) {
    return;
  }
  if (json_object_get(object, key)) {
    r->status = grus_fail(r->message,
                          GRUS_ERR_BAD_FORMAT,
                          "has the key \"%.64s\" twice (byte %zu)",
                          key,
                          r->at);
    return;
  }

  skip_space(r);
  json_t* const value = take(r, ':') ? read_value(r) : fail_syntax(r);
  if (value && json_object_set_new(object, key, value)) {
    fail_memory(r);
  }
}

static json_t*
read_object(Reader* const r)
{
  json_t* const object = json_object();
  if (!object) {
    return fail_memory(r);
  }

  skip_space(r);
  bool more = !take(r, '}');
  while (more && !r->status) {
    read_member(r, object);
    skip_space(r);
    more = take(r, ',');
    if (!more && !take(r, '}')) {
      fail_syntax(r);
    }
  }
  return object;
}

static json_t*
read_nested(Reader* const r)
{
  if (++r->depth > GRUS_JSON_MAX_DEPTH) {
    return fail_text(r, GRUS_ERR_UNSUPPORTED, "has lists nested too deeply");
  }

  json_t* const value = take(r, '[')   ? read_list(r)
                        : take(r, '{') ? read_object(r)
                                       : fail_syntax(r);
  --r->depth;
  return value;
}

/// Return the value of what is neither list nor object
static json_t*
read_scalar(Reader* const r)
{
  if (peek(r) == '"') {
    const char* const string = take_string(r);
    return string ? json_string(string) : NULL;
  }
  return take_word(r, "true")    ? json_true()
         : take_word(r, "false") ? json_false()
         : take_word(r, "null")  ? json_null()
                                 : read_number(r);
}

/// Return a new value, or null and keep the failure
static json_t*
read_value(Reader* const r)
{
  skip_space(r);
  if (!r->n_left--) {
    return fail_text(r, GRUS_ERR_UNSUPPORTED, "holds too many values");
  }

  json_t* const value =
    peek(r) == '[' || peek(r) == '{' ? read_nested(r) : read_scalar(r);
  if (!value) {
    return fail_memory(r); // Unless it has failed before
  }
  if (r->status) {
    json_decref(value);
    return NULL;
  }
  return value;
}

GrusStatus
grus_json_read(const char* const  text,
               const size_t       size,
               const size_t       most_values,
               json_t** const     value,
               GrusMessage* const message)
{
  Reader r = {text, size, 0U, most_values, 0U, NULL, 0U, GRUS_SUCCESS, message};

  // A string has two quotation marks in the text, and one null here
  r.strings = (char*)malloc(size + 1U);
  if (!r.strings) {
    fail_memory(&r);
    return r.status;
  }

  json_t* const read = read_value(&r);
  skip_space(&r);
  if (!r.status && r.at < size) {
    fail_syntax(&r);
  }
  free(r.strings);
  if (r.status) {
    json_decref(read);
    return r.status;
  }

  *value = read;
  return GRUS_SUCCESS;
}
