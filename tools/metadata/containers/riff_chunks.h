// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file riff_chunks.h

   The chunks of RIFF, RF64 and W64 files, none of whose sizes is believed.
*/

#ifndef GRUS_TOOLS_METADATA_RIFF_CHUNKS_H
#define GRUS_TOOLS_METADATA_RIFF_CHUNKS_H

#include "metadata/buffer.h"
#include "metadata/metadata.h"

#include <stdbool.h>
#include <stdint.h>

/// The kinds of files
typedef enum { RIFF_NOT, RIFF_PLAIN, RIFF_RF64, RIFF_W64 } RiffKind;

/// An open file
typedef struct {
  int      fd;
  RiffKind kind;
  uint64_t file_size;
  uint64_t data_size; ///< That RF64 keeps in a chunk of its own
} Riff;

/// A chunk in a file
typedef struct {
  char     id[5];
  uint64_t start; ///< Of its header
  uint64_t at;    ///< Of its content
  uint64_t size;  ///< Of its content
} RiffChunk;

/// Look at the beginning of a file; returns whether it is one
bool
riff_open(Riff* riff, int fd);

/**
   Find the chunk behind another.

   @param chunk All zero for the first, else the one before, which is replaced.
   @return Whether there is one; it may end behind the end of the file.
*/
bool
riff_next(const Riff* riff, RiffChunk* chunk);

/// Add a chunk in the form that WAV and RF64 have
void
riff_encode(const MetadataChunk* chunk, double ratio, Buffer* buffer);

#endif // GRUS_TOOLS_METADATA_RIFF_CHUNKS_H
