// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_FILES_TAKE_H
#define GRUS_TOOLS_FILES_TAKE_H

#include "files/output.h"

/**
   Open a file that is written in its place and never over an earlier one:
   "take.wav", else the first of "take-2.wav", "take-3.wav" and so on that is
   free.  Devices, pipes and descriptors are written to as they are.

   @param number The first number to try, 1 for `path` itself; set to the one
   that was free.
   @param policy With #OUTPUT_FORCE, `path` itself is replaced.
   @param name Set to the path, to be freed; file->path is the same.
   @return EXIT_OK, or EXIT_FAILED after telling why; nothing is left then.
*/
int
take_open(OutputFile*  file,
          const char*  path,
          unsigned*    number,
          OutputPolicy policy,
          char**       name);

/// Remove the file of a take into which nothing was recorded, unless it was
/// there before as a device, a pipe or a descriptor
void
take_remove(const OutputFile* file);

#endif // GRUS_TOOLS_FILES_TAKE_H
