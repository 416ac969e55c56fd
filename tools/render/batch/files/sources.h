// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file sources.h

   Where the files of a batch come from: the command line, folders and lists.
*/

#ifndef GRUS_TOOLS_RENDER_BATCH_FILES_SOURCES_H
#define GRUS_TOOLS_RENDER_BATCH_FILES_SOURCES_H

#include "render/batch/files/items.h"

#include <stddef.h>

/// Where the files of a batch are found
typedef struct {
  char* const*       inputs; ///< Files and folders
  size_t             n_inputs;
  const char*        list;    ///< A file that names more, "-", or null
  const char* const* include; ///< Patterns of names in folders
  size_t             n_include;
  bool               recursive; ///< Folders in folders too
  const char*        folder;    ///< Of all outputs
  const char*        ending; ///< Of all outputs, null for those of the inputs
} BatchSources;

/**
   Find all files.

   A file of the command line keeps its name, one in a folder its way from
   there, and one of a list its whole path as it is written.  In folders all
   that `include` names are taken, or all with an ending of sound files.

   @param items All zero; to be freed with batch_items_free() in any case.
   @return EXIT_OK, or another exit code after telling why.
*/
int
batch_sources_find(const BatchSources* sources, BatchItems* items);

#endif // GRUS_TOOLS_RENDER_BATCH_FILES_SOURCES_H
