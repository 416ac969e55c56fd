// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What a stranger's text would have a terminal do is seen, not done

#include "base/message.h"
#include "grus/status.h"

#include <criterion/criterion.h>

#include <string.h>

static void
expect(const char* const from, const char* const wanted)
{
  char to[256];
  grus_make_visible(to, sizeof(to), from);
  cr_expect_str_eq(to, wanted, "\"%s\" is not \"%s\"", to, wanted);
}

Test(visible, text_of_any_language_stays)
{
  expect("", "");
  expect("weight_ih_l0", "weight_ih_l0");
  expect("Stra\xc3\x9f"
         "e \xe9\x9f\xb3 \xf0\x9f\x8e\xa4",
         "Stra\xc3\x9f"
         "e \xe9\x9f\xb3 \xf0\x9f\x8e\xa4");
}

Test(visible, controls_are_written_out)
{
  expect("\x1b]0;title\a", "\\x1b]0;title\\x07");
  expect("a\nb\r\t\x7f", "a\\x0ab\\x0d\\x09\\x7f");
  expect("\xc2\x9b"
         "31m",
         "\\xc2\\x9b31m"); // U+009B, which begins a command as well
}

Test(visible, direction_of_writing_is_written_out)
{
  expect("a\xe2\x80\xae"
         "b",
         "a\\xe2\\x80\\xae"
         "b");                               // U+202E
  expect("\xe2\x81\xa6", "\\xe2\\x81\\xa6"); // U+2066
  expect("\xd8\x9c", "\\xd8\\x9c");          // U+061C
}

Test(visible, what_is_not_utf_8_is_written_out)
{
  expect("\xff", "\\xff");
  expect("\xc3", "\\xc3");                   // Cut off
  expect("\xc0\xaf", "\\xc0\\xaf");          // Overlong
  expect("\xed\xa0\x80", "\\xed\\xa0\\x80"); // Surrogate
}

Test(visible, cuts_after_a_whole_character)
{
  char to[8];
  grus_make_visible(to, sizeof(to), "abcd\x1b");
  cr_expect_str_eq(to, "abcd");
  grus_make_visible(to, sizeof(to), "abcdef\xc3\x9f");
  cr_expect_str_eq(to, "abcdef");
  grus_make_visible(to, 1U, "a");
  cr_expect_str_eq(to, "");
}

Test(visible, messages_are)
{
  GrusMessage message = {""};
  cr_expect_eq(
    grus_fail(&message, GRUS_ERR_BAD_FORMAT, "tensor \"%s\"", "\x1b[2J"),
    GRUS_ERR_BAD_FORMAT);
  cr_expect_str_eq(message.text, "tensor \"\\x1b[2J\"");
}
