// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_RENDER_BATCH_FILES_LEFTOVERS_H
#define GRUS_TOOLS_RENDER_BATCH_FILES_LEFTOVERS_H

#include "render/batch/files/items.h"

#include <stddef.h>

/**
   Remove the unfinished files that processes left beside the outputs of these
   items when they were killed so that they could not do it themselves.

   Only for who holds the lock of the journal: nobody else writes there then.
*/
void
batch_leftovers_remove(BatchItem* const* items, size_t n);

#endif // GRUS_TOOLS_RENDER_BATCH_FILES_LEFTOVERS_H
