// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_CLI_JSON_REPORT_H
#define GRUS_TOOLS_CLI_JSON_REPORT_H

#include <jansson.h>

#include <stddef.h>
#include <stdio.h>

/**
   Write a report and the end of a line, and free it.

   In ASCII, all else escaped: names of files and models may hold what a
   terminal obeys.

   @param report Null, where there was no memory for it, is told.
   @param flags Of json_dumpf().
   @return EXIT_OK, or EXIT_FAILED after telling why there is no report.
*/
int
json_report(json_t* report, size_t flags, FILE* stream);

#endif // GRUS_TOOLS_CLI_JSON_REPORT_H
