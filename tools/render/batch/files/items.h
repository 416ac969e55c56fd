// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file items.h

   The files of a batch: what is read and where it goes.
*/

#ifndef GRUS_TOOLS_RENDER_BATCH_FILES_ITEMS_H
#define GRUS_TOOLS_RENDER_BATCH_FILES_ITEMS_H

#include <sys/stat.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// A file as it was when the batch began
typedef struct {
  bool     is_there;
  uint64_t size;    ///< Bytes
  int64_t  changed; ///< When it was last written to, ns since 1970
} FileState;

/// One file of a batch
typedef struct {
  char*     in;   ///< As it is opened
  char*     name; ///< Of the output, below the folder of all outputs
  char*     out;  ///< That folder and the name
  FileState state;
} BatchItem;

/// All files of a batch
typedef struct {
  BatchItem* items;
  size_t     n;
  size_t     n_room;
  size_t     n_left; ///< Files in folders that are left alone
} BatchItems;

/// Return what a path leads to
FileState
file_state(const char* path);

/// Return the state of a file that is there
FileState
file_state_of(const struct stat* info);

/// Return whether a file is as it was
bool
file_state_equals(const FileState* a, const FileState* b);

/**
   Refuse a batch that would write one file twice, or over a file that it reads.

   @return EXIT_OK, or EXIT_USAGE after telling which.
*/
int
batch_items_check(BatchItems* items);

/// Order them so that those that take long come first
void
batch_items_sort(BatchItems* items);

/// Return about how many seconds of sound a file holds, by its size and ending
double
batch_item_seconds(const BatchItem* item);

/// Free everything
void
batch_items_free(BatchItems* items);

#endif // GRUS_TOOLS_RENDER_BATCH_FILES_ITEMS_H
