// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file losses.h

   What a file could not be given, in one line.
*/

#ifndef GRUS_TOOLS_METADATA_LOSSES_H
#define GRUS_TOOLS_METADATA_LOSSES_H

#include "metadata/buffer.h"
#include "metadata/metadata.h"

#include <stddef.h>

/// Lists of things, all zero at the start
typedef struct {
  Buffer lost;    ///< What is not in the file, "a, b"
  Buffer changed; ///< What is there in another way, likewise
} Losses;

#ifdef __GNUC__
#  define GRUS_LOSS_FORMAT __attribute__((format(printf, 2, 3)))
#else
#  define GRUS_LOSS_FORMAT
#endif

/// Add a thing to a list, once
GRUS_LOSS_FORMAT void
losses_add(Buffer* list, const char* format, ...);

/// Add "1 text", "2 texts" and so on, nothing for 0
void
losses_count(Buffer* list, size_t n, const char* one, const char* many);

/// Add the names of all chunks of a family that are nothing else too
void
losses_add_family(Buffer*         list,
                  const Metadata* metadata,
                  MetadataFamily  family);

/// Add the names of all chunks that only files of another family than `family`
/// hold, and which are nothing else too
void
losses_add_chunks(Losses*         losses,
                  const Metadata* metadata,
                  MetadataFamily  family);

/// Tell what there is to tell about the file `path`, and forget it
void
losses_tell(Losses* losses, const char* path);

#endif // GRUS_TOOLS_METADATA_LOSSES_H
