// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file comments.h

   Vorbis comments, as FLAC and Ogg files have them.
*/

#ifndef GRUS_TOOLS_METADATA_COMMENTS_H
#define GRUS_TOOLS_METADATA_COMMENTS_H

#include "metadata/buffer.h"
#include "metadata/containers/containers.h"
#include "metadata/metadata.h"

#include <stddef.h>
#include <stdint.h>

/// Add the comments of a block, their pictures and chapters
void
comments_read(Metadata* metadata, const uint8_t* block, size_t size);

/**
   Make a block of all texts and markers.

   @param old Block of the file that was written: its vendor is kept, and the
   comments that the metadata has not.
   @param n_pictures How many pictures, from the first, go into comments.
*/
void
comments_build(const Metadata*       metadata,
               const MetadataTarget* target,
               const Buffer*         old,
               size_t                n_pictures,
               Buffer*               block);

/// Add a picture in FLAC's form; returns 0, or -1 if it is not one
int
flac_picture_read(Metadata* metadata, const uint8_t* block, size_t size);

/// Make a picture in FLAC's form
void
flac_picture_build(const MetadataPicture* picture, Buffer* block);

#endif // GRUS_TOOLS_METADATA_COMMENTS_H
