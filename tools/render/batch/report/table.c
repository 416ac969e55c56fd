// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "render/batch/report/table.h"

#include "cli/say.h"
#include "files/output.h"
#include "render/batch/files/items.h"
#include "render/batch/files/journal.h"
#include "render/batch/report/page.h"
#include "render/batch/report/row.h"

#include <fcntl.h>
#include <jansson.h>
#include <unistd.h>

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/// Where an item stands in the table
typedef struct {
  const JournalEntry* entry; ///< Null if nothing is known
  const BatchItem*    item;
  double              concern; ///< How much it needs a look
} RankedItem;

static bool
has_ending(const char* const path, const char* const ending)
{
  const size_t n = strlen(path);
  const size_t m = strlen(ending);
  return n > m && !strcasecmp(path + n - m, ending);
}

int
batch_table_check(const char* const path)
{
  return has_ending(path, ".csv") || has_ending(path, ".html")
           ? EXIT_OK
           : say_error(EXIT_USAGE,
                       "--report \"%s\": its name must end with .html or .csv",
                       path);
}

static int
compare_ranks(const void* const a, const void* const b)
{
  const RankedItem* const x = (const RankedItem*)a;
  const RankedItem* const y = (const RankedItem*)b;
  return x->concern != y->concern ? (x->concern > y->concern ? -1 : 1)
                                  : strcmp(x->item->name, y->item->name);
}

/// A text in quotes if it needs them
static void
put_csv_text(FILE* const file, const char* const text)
{
  const bool quoted = strpbrk(text, ",\"\r\n");
  fputs(quoted ? "\"" : "", file);
  for (const char* c = text; *c; ++c) {
    fputs(*c == '"' ? "\"" : "", file);
    fputc(*c, file);
  }
  fputs(quoted ? "\"" : "", file);
}

static void
put_csv_head(FILE* const file)
{
  fputs("input,output,look,seconds,level_before_dbfs,level_after_dbfs,"
        "reduction_in_pauses_db,voice_activity,clipped_samples,error\n",
        file);
}

static void
put_csv_row(FILE* const file, const BatchRow* const row)
{
  put_csv_text(file, row->input);
  fputc(',', file);
  put_csv_text(file, row->output);
  fprintf(file, ",%s,", batch_row_look(row));
  if (row->error) {
    fputs(",,,,,,", file);
    put_csv_text(file, row->error);
  } else {
    fprintf(file,
            "%.3f,%.2f,%.2f,%.1f,%.4f,%lld,",
            row->seconds,
            row->before,
            row->after,
            row->pauses,
            row->activity,
            (long long)row->n_clipped);
  }
  fputc('\n', file);
}

/// Write all rows
static void
put_rows(FILE* const             file,
         const bool              page,
         const RankedItem* const places,
         const size_t            n,
         const Journal* const    journal)
{
  page ? batch_page_head(file) : put_csv_head(file);
  for (size_t i = 0U; i < n; ++i) {
    json_t* const line =
      places[i].entry ? journal_line(journal, places[i].entry) : NULL;
    const BatchRow row = batch_row(line, places[i].item);
    page ? batch_page_row(file, &row, line) : put_csv_row(file, &row);
    json_decref(line);
  }
  if (page) {
    batch_page_end(file);
  }
}

/// Order the items by what needs a look
static RankedItem*
order(const BatchItems* const items, const Journal* const journal)
{
  RankedItem* const places =
    (RankedItem*)malloc((items->n + 1U) * sizeof(*places));
  for (size_t i = 0U; places && i < items->n; ++i) {
    const BatchItem* const item = &items->items[i];
    places[i].item              = item;
    places[i].entry             = journal_find(journal, journal_id(item->name));
    json_t* const line =
      places[i].entry ? journal_line(journal, places[i].entry) : NULL;
    const BatchRow row = batch_row(line, item);
    places[i].concern  = batch_row_concern(&row);
    json_decref(line);
  }
  if (places) {
    qsort(places, items->n, sizeof(*places), compare_ranks);
  }
  return places;
}

int
batch_table_write(const char* const       path,
                  const OutputPolicy      policy,
                  const BatchItems* const items,
                  const Journal* const    journal)
{
  RankedItem* const places = order(items, journal);
  OutputFile        output = OUTPUT_FILE_INIT;
  if (!places) {
    return say_error(EXIT_FAILED, "no memory for the report");
  }
  if (output_file_open(&output, path, policy)) {
    free(places);
    return EXIT_FAILED;
  }

  const int   fd   = fcntl(output.fd, F_DUPFD_CLOEXEC, 0);
  FILE* const file = fd < 0 ? NULL : fdopen(fd, "w");
  bool        ok   = file;
  if (file) {
    put_rows(file, has_ending(path, ".html"), places, items->n, journal);
    ok = !ferror(file);
    ok = !fclose(file) && ok;
  }
  free(places);
  return output_file_finish(&output, !ok);
}
