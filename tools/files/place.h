// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file place.h

   Where a path leads: through links, to a descriptor that is open, to a file
   that another path leads to too.
*/

#ifndef GRUS_TOOLS_FILES_PLACE_H
#define GRUS_TOOLS_FILES_PLACE_H

#include <sys/stat.h>

#include <stdbool.h>

/// What a path leads to
typedef struct {
  char*       path;   ///< No link itself, may not be there
  int         fd;     ///< Descriptor that is meant, like /dev/stdout, else -1
  bool        exists; ///< If not, `info` is zero
  struct stat info;
} Place;

/**
   Follow a path to the end of its links, of which the last may dangle.

   @param standard What "-" means: STDIN_FILENO or STDOUT_FILENO.
   @param place Set, to be freed with place_free() whatever is returned.
   @return 0, or -1 and errno.
*/
int
place_find(Place* place, const char* path, int standard);

/// Free what a place holds
void
place_free(Place* place);

/**
   Return whether two paths lead to one file, which writing to one of them
   would change for the other.  Terminals and other character devices may be
   shared.

   @param standard_a What "-" means as `a`; likewise for `b`.
*/
bool
place_is_shared(const char* a, int standard_a, const char* b, int standard_b);

#endif // GRUS_TOOLS_FILES_PLACE_H
