// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "cli/json_report.h"

#include "cli/say.h"

#include <jansson.h>

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

int
json_report(json_t* const report, const size_t flags, FILE* const stream)
{
  if (!report) {
    return say_error(EXIT_FAILED, "no memory for the report");
  }

  errno         = 0;
  const bool ok = !json_dumpf(report, stream, flags | JSON_ENSURE_ASCII) &&
                  fputc('\n', stream) != EOF && !fflush(stream);
  const int code = errno;
  json_decref(report);
  return ok ? EXIT_OK
            : say_error(EXIT_FAILED,
                        "cannot write the report: %s",
                        code ? strerror(code) : "there is no memory for it");
}
