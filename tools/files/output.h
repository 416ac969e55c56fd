// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file output.h

   A file that takes its place when it is whole: a failure or a signal leaves
   what was there before.
*/

#ifndef GRUS_TOOLS_FILES_OUTPUT_H
#define GRUS_TOOLS_FILES_OUTPUT_H

enum { MAX_OUTPUT_FILES = 2 }; ///< Unfinished at a time

/// A file that is being written
typedef struct {
  const char* path;      ///< "-" for the standard output
  char*       temporary; ///< Path that is being written, null if in place
  int         fd;        ///< -1 if it is not open
} OutputFile;

/**
   Open where the bytes go: a file beside the place, or the place itself if it
   is a device, a pipe or the like.

   @return EXIT_OK, or EXIT_FAILED after telling why; nothing is left then.
*/
int
output_file_open(OutputFile* file, const char* path);

/**
   Close the file and put it in its place.

   @param failed Whether an earlier failure, in errno, makes it useless.
   @return EXIT_OK, or EXIT_FAILED after telling why; nothing is left then.
*/
int
output_file_finish(OutputFile* file, int failed);

/// Throw away what is not finished
void
output_file_abandon(OutputFile* file);

/**
   Make SIGINT and SIGTERM remove what is not finished, and a pipe that nobody
   reads an error.
*/
void
output_file_catch_signals(void);

#endif // GRUS_TOOLS_FILES_OUTPUT_H
