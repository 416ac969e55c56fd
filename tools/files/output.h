// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file output.h

   A file that takes its place when it is whole: a failure or a signal leaves
   what was there before.
*/

#ifndef GRUS_TOOLS_FILES_OUTPUT_H
#define GRUS_TOOLS_FILES_OUTPUT_H

#include "files/place.h"

#include <stdbool.h>
#include <stddef.h>

enum { MAX_OUTPUT_FILES = 4 }; ///< Unfinished at a time

/// What is done about a file that is there
typedef enum {
  OUTPUT_REPLACE,    ///< Replace it, if it may be written to
  OUTPUT_NO_CLOBBER, ///< Refuse
  OUTPUT_FORCE,      ///< Replace it, even if it is read-only
} OutputPolicy;

/// A file that is being written
typedef struct {
  const char*  path;  ///< "-" for the standard output
  Place        place; ///< Where that leads
  OutputPolicy policy;
  char*        temporary; ///< Path that is being written, null if in place
  int          fd;        ///< -1 if it is not open
  int          error;     ///< The first thing that went wrong, as errno
} OutputFile;

/// A file that is not open
#define OUTPUT_FILE_INIT \
  {                      \
    .fd = -1             \
  }

/**
   Open where the bytes go: a file beside the place, or the place itself if it
   is a device, a pipe or a descriptor like /dev/stdout.

   Links are followed and stay.  A file that is there keeps its mode, owner,
   group and extended attributes where that is permitted, and is cut off from
   its hard links, which stay what they were.

   @return EXIT_OK, or EXIT_FAILED after telling why; nothing is left then.
*/
int
output_file_open(OutputFile* file, const char* path, OutputPolicy policy);

/// Write everything; return 0, or -1 with errno, which is kept for
/// output_file_finish() too
int
output_file_write(OutputFile* file, const void* data, size_t size);

/// Return whether the bytes go, or went, to the standard output
bool
output_file_is_stdout(const OutputFile* file);

/**
   Close the file and put it in its place.

   @param failed Whether an earlier failure makes it useless: that in
   file->error, else errno.
   @return EXIT_OK, or EXIT_FAILED after telling why; nothing is left then.
*/
int
output_file_finish(OutputFile* file, bool failed);

/// Throw away what is not finished
void
output_file_abandon(OutputFile* file);

/**
   Return the length of what stands before the ending in the name of a file that
   was being written, or 0 if `name` is not such a name.

   That is the name of its place, if it is not too long for one with an ending.
*/
size_t
output_file_temporary_stem(const char* name);

/**
   Make SIGINT, SIGTERM and SIGHUP remove what is not finished, and a pipe that
   nobody reads or a file that must not grow an error.
*/
void
output_file_catch_signals(void);

#endif // GRUS_TOOLS_FILES_OUTPUT_H
