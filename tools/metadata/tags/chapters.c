// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "metadata/tags/chapters.h"

#include "metadata/losses.h"
#include "metadata/metadata.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/// Return the number of a key like "CHAPTER012" and `ending`, or -1
static int
chapter_number(const char* const key, const char* const ending)
{
  const unsigned char* const digits = (const unsigned char*)key + 7;
  if (strlen(key) < 10U || strncasecmp(key, "CHAPTER", 7U) ||
      !isdigit(digits[0]) || !isdigit(digits[1]) || !isdigit(digits[2]) ||
      strcasecmp(key + 10, ending)) {
    return -1;
  }
  return ((digits[0] - '0') * 100) + ((digits[1] - '0') * 10) + digits[2] - '0';
}

/// Read "HH:MM:SS.mmm" as milliseconds, -1 if it is nothing like that
static int64_t
milliseconds_of(const char* const text)
{
  unsigned hours   = 0U;
  unsigned minutes = 0U;
  double   seconds = 0.0;
  // The widths keep the numbers small: NOLINTNEXTLINE(cert-err34-c)
  if (sscanf(text, "%5u:%2u:%lf", &hours, &minutes, &seconds) != 3 ||
      !(seconds >= 0.0 && seconds < 1e6)) {
    return -1;
  }
  return (((int64_t)hours * 60 + minutes) * 60000) +
         (int64_t)((seconds * 1000.0) + 0.5);
}

uint64_t
chapter_milliseconds(const Metadata* const metadata, const uint64_t frames)
{
  return (uint64_t)(((double)frames * 1000.0 / metadata->rate) + 0.5);
}

uint64_t
chapter_frame(const Metadata* const metadata, const uint64_t milliseconds)
{
  return (uint64_t)(((double)milliseconds * metadata->rate / 1000.0) + 0.5);
}

void
chapters_of_texts(Metadata* const metadata)
{
  MetadataText* names[CHAPTERS_IN_COMMENTS] = {NULL};
  for (size_t i = 0U; i < metadata->n_texts; ++i) {
    const int n = chapter_number(metadata->texts[i].key, "NAME");
    if (n >= 0) {
      names[n] = &metadata->texts[i];
    }
  }

  for (size_t i = 0U; i < metadata->n_texts; ++i) {
    const int     n  = chapter_number(metadata->texts[i].key, "");
    const int64_t ms = n < 0 ? -1 : milliseconds_of(metadata->texts[i].value);
    if (ms >= 0) {
      metadata->texts[i].chapter = true;
      if (names[n]) {
        names[n]->chapter = true;
      }
      metadata_add_marker(metadata,
                          chapter_frame(metadata, (uint64_t)ms),
                          0U,
                          names[n] ? names[n]->value : "",
                          names[n] ? names[n]->size : 0U);
    }
  }
}

bool
chapter_of_marker(const Metadata* const metadata,
                  const size_t          i,
                  Chapter* const        chapter)
{
  if (i >= metadata->n_markers || i >= CHAPTERS_IN_COMMENTS) {
    return false;
  }

  const uint64_t ms =
    chapter_milliseconds(metadata, metadata->markers[i].position);
  const unsigned n = (unsigned)i;
  snprintf(chapter->key, sizeof(chapter->key), "CHAPTER%03u", n);
  snprintf(chapter->name_key, sizeof(chapter->name_key), "CHAPTER%03uNAME", n);
  snprintf(chapter->time,
           sizeof(chapter->time),
           "%02" PRIu64 ":%02u:%02u.%03u",
           ms / 3600000U,
           (unsigned)(ms / 60000U % 60U),
           (unsigned)(ms / 1000U % 60U),
           (unsigned)(ms % 1000U));
  chapter->name = metadata->markers[i].label;
  return true;
}

void
chapters_add_losses(const Metadata* const metadata,
                    Losses* const         losses,
                    const size_t          n_most)
{
  const size_t n_all  = metadata->n_markers;
  const size_t n_kept = n_all < n_most ? n_all : n_most;
  bool         moved  = false;
  bool         cut    = false;
  for (size_t i = 0U; i < n_kept; ++i) {
    const uint64_t at = metadata->markers[i].position;
    moved |= at * 1000U % metadata->rate != 0U;
    cut |= metadata->markers[i].length && n_most == CHAPTERS_IN_COMMENTS;
  }

  losses_count(&losses->lost, n_all - n_kept, "cue point", "cue points");
  if (cut) {
    losses_add(&losses->lost, "lengths of regions");
  }
  const MetadataFamily from = metadata->family;
  const bool           are_chapters =
    from == METADATA_MPEG || from == METADATA_FLAC || from == METADATA_OGG;
  if (n_kept && !are_chapters) {
    losses_add(&losses->changed,
               "%zu cue point%s became chapters%s",
               n_kept,
               n_kept == 1U ? "" : "s",
               moved ? " at whole milliseconds" : "");
  }
}
