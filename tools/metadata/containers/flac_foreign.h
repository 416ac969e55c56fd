// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file flac_foreign.h

   Chunks of RIFF files in FLAC, as `flac --keep-foreign-metadata` keeps them.
*/

#ifndef GRUS_TOOLS_METADATA_CONTAINERS_FLAC_FOREIGN_H
#define GRUS_TOOLS_METADATA_CONTAINERS_FLAC_FOREIGN_H

#include "metadata/buffer.h"
#include "metadata/metadata.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { STREAMINFO_SIZE = 34 };

/**
   Add the chunk in an application's block.

   @param first Whether the samples have not come yet; begins as true.
   @return Whether it is such a block.
*/
bool
flac_foreign_read(Metadata*      metadata,
                  const uint8_t* block,
                  size_t         size,
                  bool*          first);

/**
   Make the contents of all blocks, of which the first tells what follows.

   @param info The file's STREAMINFO.
   @param add Called with each content in turn.
*/
void
flac_foreign_build(const Metadata* metadata,
                   double          ratio,
                   const uint8_t   info[STREAMINFO_SIZE],
                   void (*add)(Buffer* blocks, const Buffer* content),
                   Buffer* blocks);

#endif // GRUS_TOOLS_METADATA_CONTAINERS_FLAC_FOREIGN_H
