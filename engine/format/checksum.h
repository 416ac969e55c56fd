// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file checksum.h

   What tells a damaged file, and what tells one file from another.
*/

#ifndef GRUS_CHECKSUM_H
#define GRUS_CHECKSUM_H

#include "grus/attributes.h"
#include "grus/status.h"

#include <stddef.h>
#include <stdint.h>

/// Key of the metadata under which the checksum is
#define GRUS_CHECKSUM_KEY "data_fnv1a"

/// Refuse data whose FNV-1a is not `sum`, 16 hexadecimal digits
GRUS_NODISCARD GrusStatus
grus_checksum_check(const char*    sum,
                    const uint8_t* data,
                    size_t         size,
                    GrusMessage*   message);

/**
   Return what a session knows a file by: the FNV-1a of all its bytes, as if it
   were written without its checksum.

   So that a file which has been given one is still the same.

   @param sum The checksum, or null.
   @param header_size Bytes of the header, which follow 8 bytes of its size.
*/
uint64_t
grus_checksum_identity(const char*    sum,
                       const uint8_t* bytes,
                       size_t         size,
                       size_t         header_size);

#endif // GRUS_CHECKSUM_H
