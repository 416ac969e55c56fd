// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file page.h

   The report of a batch as a page of HTML that needs no other file.
*/

#ifndef GRUS_TOOLS_RENDER_BATCH_REPORT_PAGE_H
#define GRUS_TOOLS_RENDER_BATCH_REPORT_PAGE_H

#include "render/batch/report/row.h"

#include <jansson.h>

#include <stdio.h>

/// Write what stands before the first row
void
batch_page_head(FILE* file);

/// Write a row, with a picture of the levels over time if the line has them
void
batch_page_row(FILE* file, const BatchRow* row, const json_t* line);

/// Write what stands behind the last row
void
batch_page_end(FILE* file);

#endif // GRUS_TOOLS_RENDER_BATCH_REPORT_PAGE_H
