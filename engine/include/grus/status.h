// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file status.h

   How a call ended, and why, in words.  Any thread.
*/

#ifndef GRUS_STATUS_H
#define GRUS_STATUS_H

#include "grus/attributes.h"

#include <stddef.h>

GRUS_BEGIN_DECLS

/// Result of an operation, zero on success
typedef enum {
  GRUS_SUCCESS,         ///< Success
  GRUS_ERR_NO_MEM,      ///< Out of memory
  GRUS_ERR_BAD_ARG,     ///< Invalid argument
  GRUS_ERR_BAD_FORMAT,  ///< Malformed data
  GRUS_ERR_UNSUPPORTED, ///< Well-formed data of an unsupported kind
  GRUS_ERR_SELF_TEST,   ///< A model does not compute what its file promises
  GRUS_ERR_MISMATCH,    ///< Data that belongs to another model or stream
} GrusStatus;

/// Return a static description of `st`, capitalized, without a period
GRUS_API const char*
grus_strerror(GrusStatus st);

enum { GRUS_MESSAGE_SIZE = 256 }; ///< Bytes of a message with its zero

/**
   Reason of a failure, for people.

   Functions that take one fill it when they fail and leave it untouched when
   they succeed.  Null may be passed where nobody wants to know.
*/
typedef struct {
  char text[GRUS_MESSAGE_SIZE]; ///< One line that names the thing at fault
} GrusMessage;

/// Most bytes that one byte of a text becomes in grus_make_visible()
enum { GRUS_VISIBLE_GROWTH = 4 };

/**
   Copy a stranger's text, so that it cannot drive a terminal: every byte of
   what a terminal would obey is written as `\x1b`.

   These are control characters (C0, C1, DEL), line and paragraph separators,
   marks and overrides of the direction of writing, and what is not UTF-8.
   Messages have been through this.  Any thread.

   @param to Room for `size` bytes, at least 1; what does not fit is cut off
   after a whole character.
   @param size Bytes of `to`, which is always ended by a zero.
   @param from A text that ends with a zero, not null; must not overlap `to`.
*/
GRUS_API void
grus_make_visible(char* to, size_t size, const char* from);

GRUS_END_DECLS

#endif // GRUS_STATUS_H
