// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_RENDER_BATCH_REPORT_TABLE_H
#define GRUS_TOOLS_RENDER_BATCH_REPORT_TABLE_H

#include "files/output.h"
#include "render/batch/files/items.h"
#include "render/batch/files/journal.h"

/**
   Write a table of all items as the journal knows them, what needs a look
   first.

   @param path Ends with ".csv" for a table, or ".html" for a page with
   pictures.
   @return EXIT_OK, or EXIT_FAILED after telling why.
*/
int
batch_table_write(const char*       path,
                  OutputPolicy      policy,
                  const BatchItems* items,
                  const Journal*    journal);

/// Refuse a name that tells no format; EXIT_OK, or EXIT_USAGE after telling
int
batch_table_check(const char* path);

#endif // GRUS_TOOLS_RENDER_BATCH_REPORT_TABLE_H
