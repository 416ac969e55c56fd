// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "files/place.h"

#include <sys/stat.h>
#include <unistd.h>

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_LINKS = 40 }; ///< As Linux follows

/// Return the bytes of a path that tell the folder, with the last slash
static size_t
folder_length(const char* const path)
{
  const char* const slash = strrchr(path, '/');
  return slash ? (size_t)(slash + 1 - path) : 0U;
}

/// Return the folder of a path, without a link, to be freed; null without one
static char*
folder_of(const char* const path)
{
  const size_t n      = folder_length(path);
  char* const  folder = n ? strndup(path, n) : strdup(".");
  char* const  real   = folder ? realpath(folder, NULL) : NULL;
  free(folder);
  return real;
}

/// Return whether a folder lists the descriptors of this process: that of
/// /dev/fd/3, say
static bool
lists_descriptors(const char* const folder)
{
  char         own[64];
  const size_t n =
    (size_t)snprintf(own, sizeof(own), "/proc/%ld/", (long)getpid());
  const size_t length = strlen(folder);
  return !strncmp(folder, own, n) && !strcmp(folder + length - 3U, "/fd");
}

/// Return the descriptor of this process that a path names, or -1
static int
descriptor_of(const char* const path)
{
  char*       end    = NULL;
  char* const folder = folder_of(path);
  const bool  is_own = folder && lists_descriptors(folder);
  const char* name   = path + folder_length(path);
  const long  number = strtol(name, &end, 10);
  free(folder);
  return is_own && *name && !*end && number >= 0 && number <= INT_MAX
           ? (int)number
           : -1;
}

/// Return what the link `path` points to, seen from here; null and errno
static char*
follow_link(const char* const path)
{
  char          target[PATH_MAX];
  const ssize_t n = readlink(path, target, sizeof(target) - 1U);
  if (n < 0) {
    return NULL;
  }

  target[n]           = '\0';
  const size_t folder = target[0] == '/' ? 0U : folder_length(path);
  char* const  next   = (char*)malloc(folder + (size_t)n + 1U);
  if (next) {
    memcpy(next, path, folder);
    memcpy(next + folder, target, (size_t)n + 1U);
  }
  return next;
}

/// Find what an open descriptor is
static int
find_descriptor(Place* const place, const int fd)
{
  place->fd     = fd;
  place->exists = !fstat(fd, &place->info);
  return place->exists ? 0 : -1;
}

int
place_find(Place* const place, const char* const path, const int standard)
{
  memset(place, 0, sizeof(*place));
  place->fd   = -1;
  place->path = strdup(path);
  if (!strcmp(path, "-")) {
    return find_descriptor(place, standard);
  }

  for (int i = 0; place->path && i < MAX_LINKS; ++i) {
    const int fd = descriptor_of(place->path);
    if (fd >= 0) {
      return find_descriptor(place, fd);
    }
    struct stat info;
    if (lstat(place->path, &info)) {
      return errno == ENOENT ? 0 : -1;
    }
    if (!S_ISLNK(info.st_mode)) {
      place->info   = info;
      place->exists = true;
      return 0;
    }

    char* const next = follow_link(place->path);
    free(place->path);
    place->path = next;
  }

  errno = place->path ? ELOOP : errno;
  return -1;
}

void
place_free(Place* const place)
{
  free(place->path);
  place->path = NULL;
}

/// Return whether two files that are not there would be one
static bool
will_be_one(const Place* const a, const Place* const b)
{
  char* const folder_a = folder_of(a->path);
  char* const folder_b = folder_of(b->path);
  const bool  one =
    folder_a && folder_b && !strcmp(folder_a, folder_b) &&
    !strcmp(a->path + folder_length(a->path), b->path + folder_length(b->path));
  free(folder_a);
  free(folder_b);
  return one;
}

static bool
is_one(const Place* const a, const Place* const b)
{
  const mode_t mode = a->info.st_mode;
  if (!a->exists || !b->exists) {
    return !a->exists && !b->exists && will_be_one(a, b);
  }
  return !S_ISCHR(mode) && !S_ISSOCK(mode) &&
         a->info.st_dev == b->info.st_dev && a->info.st_ino == b->info.st_ino;
}

bool
place_is_shared(const char* const a,
                const int         standard_a,
                const char* const b,
                const int         standard_b)
{
  Place      place_a;
  Place      place_b;
  const bool lost_a = place_find(&place_a, a, standard_a);
  const bool lost_b = place_find(&place_b, b, standard_b);
  const bool shared = !lost_a && !lost_b && is_one(&place_a, &place_b);
  place_free(&place_a);
  place_free(&place_b);
  return shared;
}
