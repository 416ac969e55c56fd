// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file metadata.h

   What a sound file says about itself, in memory.

   What came from a container is kept twice: as the container's own chunks,
   which go unchanged into a file of the same family, and as texts, pictures and
   markers, which every family has in its own way.
*/

#ifndef GRUS_TOOLS_METADATA_METADATA_H
#define GRUS_TOOLS_METADATA_METADATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  METADATA_LIMIT   = 64 << 20, ///< Bytes of metadata in all
  METADATA_MARKERS = 1 << 20,  ///< Markers in all
  FRONT_COVER      = 3,        ///< Type of picture
};

/// Containers that share their chunks
typedef enum {
  METADATA_NONE, ///< Has no room for metadata
  METADATA_RIFF, ///< WAV, RF64 and W64
  METADATA_AIFF,
  METADATA_CAF,
  METADATA_FLAC,
  METADATA_OGG,
  METADATA_MPEG, ///< ID3 and APE tags
  METADATA_ID3,  ///< Frames of ID3v2, which RIFF and AIFF hold as well
} MetadataFamily;

/// A named text
typedef struct {
  char*  key;     ///< Name as in Vorbis comments, empty if it has none
  char*  value;   ///< UTF-8, and a zero behind it
  size_t size;    ///< Bytes of the value
  bool   chapter; ///< It is part of a marker too
} MetadataText;

/// A picture
typedef struct {
  char*    mime;        ///< Media type, like "image/png"
  char*    description; ///< UTF-8
  uint32_t type;        ///< As ID3 and FLAC number them
  uint32_t shape[4];    ///< Width, height, bits, colours; zero if not known
  uint8_t* data;
  size_t   size;
} MetadataPicture;

/// A place in the sound, or a region if it has a length
typedef struct {
  uint64_t position; ///< Frames at the rate of the input
  uint64_t length;   ///< Frames
  char*    label;    ///< UTF-8, never null
} MetadataMarker;

/// A piece of a container, in the container's own form
typedef struct {
  MetadataFamily family;
  char           id[5];
  bool           mapped; ///< It is in the texts, pictures and markers too
  bool           first;  ///< It stood before the sound
  uint8_t*       data;
  size_t         size;
} MetadataChunk;

/// Everything that a file says about itself, all zero at the start
typedef struct {
  MetadataFamily   family;
  uint32_t         rate; ///< Hz, of the markers' positions
  MetadataText*    texts;
  size_t           n_texts;
  MetadataPicture* pictures;
  size_t           n_pictures;
  MetadataMarker*  markers;
  size_t           n_markers;
  MetadataChunk*   chunks;
  size_t           n_chunks;
  size_t           n_known;    ///< Texts and pictures of earlier tags,
  size_t           n_seen;     ///< which later tags may repeat
  size_t           n_bytes;    ///< Of all of them
  bool             overflowed; ///< There was more than the limit, or no memory
} Metadata;

/// Note that another tag of the same file begins, whose repetitions are dropped
void
metadata_begin_tag(Metadata* metadata);

/// Add a text, UTF-8 or Latin-1, unless an earlier tag has it
void
metadata_add_text(Metadata*   metadata,
                  const char* key,
                  const void* value,
                  size_t      size);

/// Add a picture, whose fields are copied, unless an earlier tag has it
void
metadata_add_picture(Metadata* metadata, const MetadataPicture* picture);

/// Add a marker with a label of `size` bytes, UTF-8 or Latin-1
void
metadata_add_marker(Metadata*   metadata,
                    uint64_t    position,
                    uint64_t    length,
                    const void* label,
                    size_t      size);

/**
   Add a chunk of four letters of which nothing is copied yet.

   @return The chunk with room for `size` bytes, or null if there is no room.
*/
MetadataChunk*
metadata_add_chunk(Metadata*      metadata,
                   MetadataFamily family,
                   const void*    id,
                   size_t         size);

/// Return whether there is a chunk of that name
bool
metadata_has_chunk(const Metadata* metadata,
                   MetadataFamily  family,
                   const char*     id);

/// Return whether a chunk's name is in a list that a null ends
bool
metadata_is_listed(const char* const* names, const char* id);

/// Return whether another `n` bytes of metadata are allowed
bool
metadata_has_room(Metadata* metadata, uint64_t n);

/// Sort the markers by position
void
metadata_sort_markers(Metadata* metadata);

/// Free everything
void
metadata_free(Metadata* metadata);

#endif // GRUS_TOOLS_METADATA_METADATA_H
