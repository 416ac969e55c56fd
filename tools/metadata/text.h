// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file text.h

   Texts of any encoding become UTF-8.
*/

#ifndef GRUS_TOOLS_METADATA_TEXT_H
#define GRUS_TOOLS_METADATA_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Return whether bytes are UTF-8
bool
text_is_utf8(const void* text, size_t n);

/**
   Return a text as UTF-8: as it is if it is, else taken for Latin-1.

   @param size Set to its length; a zero follows.
   @return Text to be freed, or null without memory.
*/
char*
text_utf8(const void* text, size_t n, size_t* size);

/// The same for UTF-16, which is big-endian unless it begins with a mark
char*
text_utf8_of_16(const uint8_t* text, size_t n, size_t* size);

#endif // GRUS_TOOLS_METADATA_TEXT_H
