// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// JSON from a stranger is what jansson reads, or one clear reason

#include "format/json.h"
#include "grus/status.h"

#include <criterion/criterion.h>
#include <jansson.h>

#include <locale.h>
#include <stddef.h>
#include <string.h>

enum { MOST_VALUES = 10 };

Test(json, values_are_those_of_jansson)
{
  static const char* const texts[] = {
    "{}",
    " [ ] ",
    "[true, false, null]",
    "[0, -0, 7, -12, 9223372036854775807, -9223372036854775808]",
    "[0.5, -1e-30, 1E+5, 2.5e3, 0.30000000000000004]",
    "\"plain\"",
    "{\"a\" : {\"b\":[1,{\"c\":\"d\"}]}, \"e\":\"\"}\n\t\r ",
    "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"",
    "\"\\u0041\\u00e9\\u97f3\\uD83C\\udfa4\"",
    "\"\xc3\xa9 \xe9\x9f\xb3 \xf0\x9f\x8e\xa4\"",
  };

  for (size_t i = 0U; i < sizeof(texts) / sizeof(texts[0]); ++i) {
    GrusMessage   message;
    json_t*       value = NULL;
    json_t* const same =
      json_loads(texts[i], JSON_DECODE_ANY | JSON_REJECT_DUPLICATES, NULL);
    cr_assert_not_null(same, "%s", texts[i]);
    cr_assert_eq(
      grus_json_read(texts[i], strlen(texts[i]), MOST_VALUES, &value, &message),
      GRUS_SUCCESS,
      "%s: %s",
      texts[i],
      message.text);
    cr_assert(json_equal(value, same), "%s", texts[i]);
    json_decref(value);
    json_decref(same);
  }
}

Test(json, numbers_do_not_depend_on_the_locale)
{
  json_t* value = NULL;
  if (!setlocale(LC_NUMERIC, "de_DE.UTF-8")) {
    cr_skip_test("there is no German locale");
  }
  cr_assert_eq(grus_json_read("0.25", 4U, 1U, &value, NULL), GRUS_SUCCESS);
  cr_assert_eq(json_real_value(value), 0.25);
  json_decref(value);
}

/// A text, and what is said about it
typedef struct {
  const char* text;
  GrusStatus  status;
  const char* said;
} Wrong;

Test(json, what_is_wrong_is_told)
{
  static const Wrong wrong[] = {
    {"", GRUS_ERR_BAD_FORMAT, "is not valid JSON (byte 0)"},
    {"{", GRUS_ERR_BAD_FORMAT, "is not valid JSON (byte 1)"},
    {"[1", GRUS_ERR_BAD_FORMAT, "is not valid JSON (byte 2)"},
    {"[1,]", GRUS_ERR_BAD_FORMAT, "is not valid JSON (byte 3)"},
    {"{\"a\"}", GRUS_ERR_BAD_FORMAT, "is not valid JSON (byte 4)"},
    {"{} x", GRUS_ERR_BAD_FORMAT, "is not valid JSON (byte 3)"},
    {"01", GRUS_ERR_BAD_FORMAT, "is not valid JSON (byte 1)"},
    {"1.", GRUS_ERR_BAD_FORMAT, "is not valid JSON (byte 2)"},
    {"1e999", GRUS_ERR_BAD_FORMAT, "is not valid JSON (byte 5)"},
    {"9223372036854775808", GRUS_ERR_BAD_FORMAT, "not valid JSON (byte 19)"},
    {"\"a", GRUS_ERR_BAD_FORMAT, "is not valid JSON (byte 2)"},
    {"\"a\nb\"", GRUS_ERR_BAD_FORMAT, "is not valid JSON (byte 2)"},
    {"\"\\x\"", GRUS_ERR_BAD_FORMAT, "is not valid JSON (byte 2)"},
    {"\"\\u0000\"", GRUS_ERR_BAD_FORMAT, "is not valid JSON (byte 7)"},
    {"\"\\uD800\"", GRUS_ERR_BAD_FORMAT, "is not valid JSON (byte 7)"},
    {"\"\\uDC00\"", GRUS_ERR_BAD_FORMAT, "is not valid JSON (byte 7)"},
    {"\"\xff\"", GRUS_ERR_BAD_FORMAT, "is not valid JSON (byte 3)"},
    {"{\"a\":1,\"b\":2,\"a\":1}",
     GRUS_ERR_BAD_FORMAT,
     "has the key \"a\" twice (byte 16)"},
    {"[1,2,3,4,5,6,7,8,9,10]", GRUS_ERR_UNSUPPORTED, "too many values"},
    {"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", GRUS_ERR_UNSUPPORTED, "too"},
  };

  for (size_t i = 0U; i < sizeof(wrong) / sizeof(wrong[0]); ++i) {
    GrusMessage message = {"untouched"};
    json_t*     value   = NULL;
    cr_assert_eq(
      grus_json_read(
        wrong[i].text, strlen(wrong[i].text), MOST_VALUES, &value, &message),
      wrong[i].status,
      "%s: %s",
      wrong[i].text,
      message.text);
    cr_assert_null(value);
    cr_assert_not_null(strstr(message.text, wrong[i].said),
                       "%s: %s",
                       wrong[i].text,
                       message.text);
  }
}

Test(json, lists_are_nested_only_so_deep)
{
  char    text[(2U * GRUS_JSON_MAX_DEPTH) + 3U] = "";
  json_t* value                                 = NULL;
  memset(text, '[', GRUS_JSON_MAX_DEPTH + 1U);
  memset(text + GRUS_JSON_MAX_DEPTH + 1U, ']', GRUS_JSON_MAX_DEPTH + 1U);
  cr_assert_eq(grus_json_read(text, strlen(text), 100U, &value, NULL),
               GRUS_ERR_UNSUPPORTED);
  cr_assert_eq(grus_json_read(text + 1, strlen(text) - 2U, 100U, &value, NULL),
               GRUS_SUCCESS);
  json_decref(value);
}
