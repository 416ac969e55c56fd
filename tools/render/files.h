// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file files.h

   The files that a rendering names: that they are different, and those beside
   the sound.
*/

#ifndef GRUS_TOOLS_RENDER_FILES_H
#define GRUS_TOOLS_RENDER_FILES_H

#include "files/output.h"
#include "render/job.h"
#include "render/options.h"

#include <stdbool.h>

/// Picture and table that are written beside the sound
typedef struct {
  OutputFile picture;
  OutputFile activity;
} SideFiles;

/// Side files that are not open
#define SIDE_FILES_INIT                \
  {                                    \
    OUTPUT_FILE_INIT, OUTPUT_FILE_INIT \
  }

/// Refuse a sound file that cannot be written; EXIT_OK, or EXIT_USAGE after
/// telling why
int
render_format_check(const RenderOptions* options);

/**
   Refuse two names for one file, of which one is written, and a sound file that
   cannot be written.

   @return EXIT_OK, or EXIT_USAGE after telling which.
*/
int
render_files_check(const RenderOptions* options);

/// Open the side files that are wanted, and what collects their contents
int
side_files_open(SideFiles*           files,
                const RenderOptions* options,
                Rendering*           rendering);

/// Write what is left and put the side files in their places
int
side_files_finish(SideFiles* files, Rendering* rendering);

/// Return whether one of them goes to the standard output
bool
side_files_take_stdout(const SideFiles* files);

/// Throw away what is not finished
void
side_files_abandon(SideFiles* files, Rendering* rendering);

#endif // GRUS_TOOLS_RENDER_FILES_H
