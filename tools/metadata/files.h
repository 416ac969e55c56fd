// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file files.h

   From one file to another: what it says about itself.
*/

#ifndef GRUS_TOOLS_METADATA_FILES_H
#define GRUS_TOOLS_METADATA_FILES_H

#include "metadata/metadata.h"

#include <stddef.h>
#include <stdint.h>

/**
   Read what a file says about itself.

   What makes no sense is left out: that is no reason not to read the sound.

   @param metadata Set, to be freed with metadata_free().
   @param path "-" for the standard input, if that is a file.
   @param rate Sample rate of the sound, Hz.
*/
void
metadata_read(Metadata* metadata, const char* path, uint32_t rate);

/// The same for a pipe, of which only the bytes before the sound are there
void
metadata_read_head(Metadata*   metadata,
                   const void* head,
                   size_t      size,
                   uint32_t    rate);

/**
   Add metadata to a file that has none, and tell in one line what it has no
   room for.

   @param fd A whole file but for the metadata, -1 if nothing can be added.
   @param format Its format, as libsndfile numbers them.
   @param rate Its sample rate, Hz: places in the sound follow it.
   @param path Its name, to tell.
   @return EXIT_OK, or EXIT_FAILED after telling why; the file is useless then.
*/
int
metadata_write(const Metadata* metadata,
               int             fd,
               int             format,
               uint32_t        rate,
               const char*     path);

#endif // GRUS_TOOLS_METADATA_FILES_H
