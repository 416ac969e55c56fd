// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "render/batch/report/page.h"

#include "render/batch/report/row.h"

#include <jansson.h>

#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum {
  WIDTH  = 192, ///< Of a picture, pixels
  HEIGHT = 36,
  FLOOR  = -72 ///< dBFS at its lower edge
};

/// Write a text, UTF-8 or not, as HTML
static void
put_text(FILE* const file, const char* const text)
{
  json_t* const     safe = json_string(text); // Null unless it is UTF-8
  const char* const t    = text;
  for (const char* c = t; *c; ++c) {
    switch (*c) {
    case '&':
      fputs("&amp;", file);
      break;
    case '<':
      fputs("&lt;", file);
      break;
    case '>':
      fputs("&gt;", file);
      break;
    case '"':
      fputs("&quot;", file);
      break;
    default:
      if (safe || (unsigned char)*c < 0x80U) {
        fputc(*c, file);
      } else {
        fputs("&#xFFFD;", file);
      }
    }
  }
  json_decref(safe);
}

void
batch_page_head(FILE* const file)
{
  fputs(
    "<!DOCTYPE html>\n"
    "<html lang=\"en\">\n"
    "<head>\n"
    "<meta charset=\"utf-8\">\n"
    "<title>grus render</title>\n"
    "<style>\n"
    ":root { color-scheme: light dark; }\n"
    "body { font: 14px sans-serif; margin: 2em; }\n"
    "table { border-collapse: collapse; }\n"
    "th, td { padding: 4px 10px; text-align: right; vertical-align: middle;\n"
    "  white-space: nowrap; }\n"
    "td:first-child { white-space: normal; overflow-wrap: anywhere; }\n"
    "tr + tr { border-top: 1px solid #8888; }\n"
    "th:first-child, td:first-child, .left { text-align: left; }\n"
    "small { opacity: 0.75; }\n"
    ".look { font-weight: bold; }\n"
    ".before { fill: #8a8a8a; }\n"
    ".after { fill: #0a72b8; }\n"
    "</style>\n"
    "</head>\n"
    "<body>\n"
    "<h1>grus render</h1>\n"
    "<p>What needs a look comes first. Grey is the level before, blue "
    "after, from -72 to 0 dBFS over the whole file.</p>\n"
    "<table>\n"
    "<tr><th>File</th><th class=\"left\">Look</th><th>Length</th>"
    "<th>Level</th><th>Pauses</th><th>Voice</th><th>Clipped</th>"
    "<th class=\"left\">Before, after</th></tr>\n",
    file);
}

/// Write levels over time as a shape
static void
put_shape(FILE* const file, const char* const kind, const json_t* const levels)
{
  const size_t n = json_array_size(levels);
  fprintf(file, "<path class=\"%s\" d=\"M0 %d", kind, HEIGHT);
  for (size_t i = 0U; i < n; ++i) {
    const double level = json_number_value(json_array_get(levels, i));
    const double y     = HEIGHT * fmin(fmax(level / FLOOR, 0.0), 1.0);
    fprintf(file,
            "L%.1f %.1fL%.1f %.1f",
            (double)(WIDTH * i) / (double)n,
            y,
            (double)(WIDTH * (i + 1U)) / (double)n,
            y);
  }
  fprintf(file, "L%d %dZ\"/>", WIDTH, HEIGHT);
}

static void
put_picture(FILE* const file, const json_t* const line)
{
  const json_t* const before = json_object_get(line, "envelope_before");
  const json_t* const after  = json_object_get(line, "envelope_after");
  if (json_array_size(before) && json_array_size(after)) {
    fprintf(file,
            "<svg width=\"%d\" height=\"%d\" role=\"img\">"
            "<title>levels over time</title>",
            WIDTH,
            HEIGHT);
    put_shape(file, "before", before);
    put_shape(file, "after", after);
    fputs("</svg>", file);
  }
}

static void
put_length(FILE* const file, const double seconds)
{
  const long whole = lround(seconds);
  if (whole >= 3600) {
    fprintf(file, "%ld:%02ld:%02ld", whole / 3600, whole / 60 % 60, whole % 60);
  } else {
    fprintf(file, "%ld:%02ld", whole / 60, whole % 60);
  }
}

static void
put_figures(FILE* const file, const BatchRow* const row)
{
  fputs("<td>", file);
  put_length(file, row->seconds);
  fprintf(file,
          "</td><td>%.1f &rarr; %.1f dBFS</td><td>%.0f dB less</td>"
          "<td>%.0f %%</td><td>%lld</td>",
          row->before,
          row->after,
          row->pauses,
          100.0 * row->activity,
          (long long)row->n_clipped);
}

void
batch_page_row(FILE* const           file,
               const BatchRow* const row,
               const json_t* const   line)
{
  const bool        calm = batch_row_concern(row) == 0.0;
  const char* const told = row->error ? row->error : row->message;
  fputs("<tr><td>", file);
  put_text(file, row->input);
  if (told) {
    fputs("<br><small>", file);
    put_text(file, told);
    fputs("</small>", file);
  }
  fprintf(file,
          "</td><td class=\"left%s\">%s</td>",
          calm ? "" : " look",
          batch_row_look(row));
  if (row->error) {
    fputs("<td></td><td></td><td></td><td></td><td></td>", file);
  } else {
    put_figures(file, row);
  }
  fputs("<td class=\"left\">", file);
  put_picture(file, line);
  fputs("</td></tr>\n", file);
}

void
batch_page_end(FILE* const file)
{
  fputs("</table>\n</body>\n</html>\n", file);
}
