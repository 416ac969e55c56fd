// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "files/take.h"

#include "cli/say.h"
#include "files/output.h"
#include "files/place.h"

#include <sys/stat.h>
#include <unistd.h>

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_TAKES = 100000 };

/// Return "take-2.wav" for "take.wav" and 2, to be freed; null without memory
static char*
numbered(const char* const path, const unsigned number)
{
  const char* const slash = strrchr(path, '/');
  const char* const dot   = strrchr(slash ? slash : path, '.');
  const int         stem  = (int)(dot ? (size_t)(dot - path) : strlen(path));
  const size_t      size  = strlen(path) + 16U;
  char* const       text  = (char*)malloc(size);
  if (text && number > 1U) {
    snprintf(text, size, "%.*s-%u%s", stem, path, number, dot ? dot : "");
  } else if (text) {
    snprintf(text, size, "%s", path);
  }
  return text;
}

/// Open one name; -1 and EEXIST if a file is there that must stay
static int
open_name(OutputFile* const file, const OutputPolicy policy)
{
  Place* const place = &file->place;
  place_free(place);
  if (place_find(place, file->path, STDOUT_FILENO)) {
    return -1;
  }

  const int new_file = O_CREAT | (policy == OUTPUT_FORCE ? O_TRUNC : O_EXCL);
  file->fd           = place->fd >= 0 ? fcntl(place->fd, F_DUPFD_CLOEXEC, 0)
                       : place->exists && !S_ISREG(place->info.st_mode)
                         ? open(place->path, O_WRONLY | O_CLOEXEC)
                         : open(place->path, O_RDWR | O_CLOEXEC | new_file, 0666);
  return file->fd < 0 ? -1 : 0;
}

int
take_open(OutputFile* const  file,
          const char* const  path,
          unsigned* const    number,
          const OutputPolicy policy,
          char** const       name)
{
  memset(file, 0, sizeof(*file));
  file->fd = -1;
  for (unsigned i = *number; i < MAX_TAKES; ++i) {
    *name      = numbered(path, i);
    file->path = *name;
    *number    = i;
    errno      = ENOMEM;
    if (*name && !open_name(file, i > 1U ? OUTPUT_NO_CLOBBER : policy)) {
      return EXIT_OK;
    }
    if (!*name || errno != EEXIST) {
      break;
    }
    free(*name);
    *name = NULL;
  }

  say_error(EXIT_FAILED,
            "cannot record into \"%s\": %s",
            *name ? *name : path,
            strerror(errno));
  free(*name);
  *name = NULL;
  output_file_abandon(file);
  return EXIT_FAILED;
}

void
take_remove(const OutputFile* const file)
{
  struct stat info;
  if (file->place.fd < 0 && !fstat(file->fd, &info) && S_ISREG(info.st_mode)) {
    unlink(file->place.path);
  }
}
