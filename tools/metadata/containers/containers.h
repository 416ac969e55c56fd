// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file containers.h

   A reader and a writer for each family of containers.

   Readers add what they find to a Metadata and leave out, without an error,
   what makes no sense.  Writers amend a file that has everything but metadata,
   and return 0, or -1 and errno: the file is useless then.
*/

#ifndef GRUS_TOOLS_METADATA_CONTAINERS_H
#define GRUS_TOOLS_METADATA_CONTAINERS_H

#include "metadata/losses.h"
#include "metadata/metadata.h"

#include <stdbool.h>

/// A file to amend
typedef struct {
  int     fd;         ///< Open to read and write
  double  ratio;      ///< Of its rate to that of the input
  bool    keeps_cues; ///< Cue points are kept in another way as well
  Losses* losses;
} MetadataTarget;

void
riff_read(Metadata* metadata, int fd);

int
riff_write(const Metadata* metadata, const MetadataTarget* target);

void
flac_read(Metadata* metadata, int fd);

int
flac_write(const Metadata* metadata, const MetadataTarget* target);

void
ogg_read(Metadata* metadata, int fd);

int
ogg_write(const Metadata* metadata, const MetadataTarget* target);

void
aiff_read(Metadata* metadata, int fd);

int
aiff_write(const Metadata* metadata, const MetadataTarget* target);

void
mpeg_read(Metadata* metadata, int fd);

int
mpeg_write(const Metadata* metadata, const MetadataTarget* target);

void
caf_read(Metadata* metadata, int fd);

int
caf_write(const Metadata* metadata, const MetadataTarget* target);

#endif // GRUS_TOOLS_METADATA_CONTAINERS_H
