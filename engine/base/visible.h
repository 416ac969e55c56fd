// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// A stranger's text must not drive a terminal

#ifndef GRUS_VISIBLE_H
#define GRUS_VISIBLE_H

#include <stddef.h>

/// Most bytes that one byte of a text becomes
enum { GRUS_VISIBLE_GROWTH = 4 };

/**
   Copy a text, with every byte of what a terminal would obey written as `\x1b`.

   These are control characters (C0, C1, DEL), line and paragraph separators,
   marks and overrides of the direction of writing, and what is not UTF-8.

   @param to Room for `size` bytes, at least 1; what does not fit is cut off
   after a whole character.
*/
void
grus_make_visible(char* to, size_t size, const char* from);

#endif // GRUS_VISIBLE_H
