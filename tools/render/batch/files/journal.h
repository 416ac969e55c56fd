// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file journal.h

   What became of the files of a batch, one line of JSON for each, beside the
   results.  With it the same command goes on where it was stopped.

   The line of a file that succeeds is written when its output is whole but
   not yet in its place, and holds size and time of it.  So a line counts only
   if that very file is there: whenever the program is killed, no file is done
   twice and none is missing.
*/

#ifndef GRUS_TOOLS_RENDER_BATCH_FILES_JOURNAL_H
#define GRUS_TOOLS_RENDER_BATCH_FILES_JOURNAL_H

#include "render/batch/files/items.h"

#include <jansson.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// The newest line of an output
typedef struct {
  uint64_t  id;     ///< Of the output's name, see journal_id()
  uint64_t  recipe; ///< Hash of model and options
  FileState in;
  FileState out;   ///< Not there if the file failed
  size_t    line;  ///< Its number, to tell which of two is newer
  long      start; ///< Where the line starts in the file
} JournalEntry;

/// The journal of a folder
typedef struct {
  char*         path;
  int           fd;      ///< Appends, and holds the lock; -1 if it is not open
  JournalEntry* entries; ///< By id
  size_t        n;
  size_t        n_room;
} Journal;

/// A journal that is not open
#define JOURNAL_INIT       \
  {                        \
    NULL, -1, NULL, 0U, 0U \
  }

/**
   Open a journal and read it.

   It is locked, so that no other batch works with it meanwhile.  A last line
   that was not finished is ended.

   @param path Null for that in the folder.
   @param read_only Do not make, change or lock it.
   @return EXIT_OK, or EXIT_FAILED after telling why.
*/
int
journal_open(Journal*    journal,
             const char* path,
             const char* folder,
             bool        read_only);

/// Read all lines anew
int
journal_read(Journal* journal);

/// Return the number that stands for the name of an output
uint64_t
journal_id(const char* name);

enum { JOURNAL_ID_SIZE = 17 }; ///< Bytes

/// Write that number as the lines have it
void
journal_id_text(const char* name, char text[JOURNAL_ID_SIZE]);

/// Return the newest entry of an output, or null if there is none
const JournalEntry*
journal_find(const Journal* journal, uint64_t id);

/// Return the line of an entry, to be freed with json_decref(); or null
json_t*
journal_line(const Journal* journal, const JournalEntry* entry);

/// Return the state of a file for a line, or null without memory
json_t*
file_state_json(const FileState* state);

/// Return a line about an item for journal_append(), or null without memory
json_t*
journal_item(const BatchItem* item, const json_t* recipe);

/**
   Append a line in one piece.

   @param line Freed; null, for lack of memory, is an error.
   @return EXIT_OK, or EXIT_FAILED after telling why.
*/
int
journal_append(const Journal* journal, json_t* line);

/// Return the hash of model and options
uint64_t
journal_recipe_hash(const json_t* recipe);

/// Close it
void
journal_close(Journal* journal);

#endif // GRUS_TOOLS_RENDER_BATCH_FILES_JOURNAL_H
