// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file media.h

   What files say about themselves that the program ffmpeg reads and writes.
*/

#ifndef GRUS_TOOLS_METADATA_MEDIA_H
#define GRUS_TOOLS_METADATA_MEDIA_H

#include "ffmpeg/media.h"
#include "metadata/buffer.h"
#include "metadata/metadata.h"

#include <stddef.h>
#include <stdint.h>

/**
   Read texts, chapters and covers of a file whose sound ffmpeg reads.

   @param metadata Set, to be freed with metadata_free().
   @param rate Sample rate of the sound, Hz.
*/
void
metadata_read_media(Metadata* metadata, const MediaFile* media, uint32_t rate);

/**
   Add texts and markers in ffmpeg's own form, and a zero behind them.

   @param n_frames Length of the sound, negative if not known.
*/
void
metadata_media_text(const Metadata* metadata, int64_t n_frames, Buffer* text);

/// Tell in one line what of the metadata is not in a file that ffmpeg has
/// written under the name `path`
void
metadata_check_media(const Metadata*  metadata,
                     const MediaFile* written,
                     const char*      path);

#endif // GRUS_TOOLS_METADATA_MEDIA_H
