// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file chapters.h

   Markers as chapters, which count in milliseconds.
*/

#ifndef GRUS_TOOLS_METADATA_CHAPTERS_H
#define GRUS_TOOLS_METADATA_CHAPTERS_H

#include "metadata/losses.h"
#include "metadata/metadata.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CHAPTERS_IN_COMMENTS = 1000 }; ///< Of three digits

/// A marker in two Vorbis comments
typedef struct {
  char        key[16];      ///< "CHAPTER000"
  char        name_key[16]; ///< "CHAPTER000NAME"
  char        time[32];     ///< "00:00:00.000"
  const char* name;
} Chapter;

/// Make markers of the texts that are chapters
void
chapters_of_texts(Metadata* metadata);

/// Make a chapter of marker `i`; returns whether there is a number left for it
bool
chapter_of_marker(const Metadata* metadata, size_t i, Chapter* chapter);

/// Return a time in the sound in milliseconds
uint64_t
chapter_milliseconds(const Metadata* metadata, uint64_t frames);

/// Return the frame at a time
uint64_t
chapter_frame(const Metadata* metadata, uint64_t milliseconds);

/// Name what is lost when markers become at most `n_most` chapters
void
chapters_add_losses(const Metadata* metadata, Losses* losses, size_t n_most);

#endif // GRUS_TOOLS_METADATA_CHAPTERS_H
