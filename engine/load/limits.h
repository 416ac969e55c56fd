// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file limits.h

   What a model may cost, by the size of its file, so that no small file takes
   the machine.  FORMAT.md tells the limits.
*/

#ifndef GRUS_LIMITS_H
#define GRUS_LIMITS_H

#include "grus/attributes.h"
#include "grus/status.h"
#include "model/model.h"

#include <stddef.h>

/// Return the most bytes that the weights, or one channel of the network, of a
/// file of `file_size` bytes may take
size_t
grus_limits_memory(size_t file_size);

/// Refuse a model, described and with its weights, whose network takes too much
/// memory for each channel or too much work for each step
GRUS_NODISCARD GrusStatus
grus_limits_check(const GrusModel* model,
                  size_t           file_size,
                  GrusMessage*     message);

/// Have the self-test stop where it would take longer than such a file may:
/// from the start on, so that any part of it is a test
void
grus_limits_shorten_test(GrusModel* model, size_t file_size);

#endif // GRUS_LIMITS_H
