// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file riff_markers.h

   Places in the sound that chunks of RIFF files name.
*/

#ifndef GRUS_TOOLS_METADATA_RIFF_MARKERS_H
#define GRUS_TOOLS_METADATA_RIFF_MARKERS_H

#include "metadata/buffer.h"
#include "metadata/metadata.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Return whether markers hold all that a list of labels says: no notes
bool
riff_labels_are_markers(const MetadataChunk* list);

/// Add the markers of the "cue " chunk and their labels to `metadata`
void
riff_read_markers(Metadata* metadata);

/**
   Make "cue " and "LIST" chunks of all markers.

   @param cue Set to the content of the first, empty if there are no markers.
   @param adtl Set to the content of the second, likewise.
*/
void
riff_build_markers(const Metadata* metadata,
                   double          ratio,
                   Buffer*         cue,
                   Buffer*         adtl);

/// Multiply all that the content of a chunk counts in frames
void
riff_scale(const char* id, uint8_t* data, size_t size, double ratio);

#endif // GRUS_TOOLS_METADATA_RIFF_MARKERS_H
