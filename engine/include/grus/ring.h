// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file ring.h

   A lock-free ring of bytes between one writing and one reading thread.

   Protocol: each thread alone advances its own head, with release order once
   the bytes are in place or copied out, and reads the other's with acquire
   order.  Heads only grow, wrapping around as unsigned numbers; the ring is
   empty where they are equal and full where they are its size apart.
*/

#ifndef GRUS_RING_H
#define GRUS_RING_H

#include "grus/attributes.h"

#include <stdbool.h>
#include <stdint.h>

GRUS_BEGIN_DECLS

/// A ring of bytes
typedef struct GrusRingImpl GrusRing;

/**
   Return a new ring that holds `size` bytes or more, or null without memory or
   if `size` is above 2^30.

   The caller owns it.  Not real-time, like grus_ring_free().
*/
GRUS_API GRUS_NODISCARD GrusRing*
grus_ring_new(uint32_t size);

/// Free `ring` (null is allowed) when no thread uses it any more
GRUS_API void
grus_ring_free(GrusRing* ring);

/// Return the bytes that can be read (reading thread)
GRUS_API GRUS_REALTIME uint32_t
grus_ring_read_space(const GrusRing* ring);

/// Return the bytes that can be written (writing thread)
GRUS_API GRUS_REALTIME uint32_t
grus_ring_write_space(const GrusRing* ring);

/// Read `size` bytes, or nothing if there are fewer (reading thread)
GRUS_API GRUS_REALTIME bool
grus_ring_read(GrusRing* ring, void* data, uint32_t size);

/// Write `size` bytes, or nothing if there is no room (writing thread)
GRUS_API GRUS_REALTIME bool
grus_ring_write(GrusRing* ring, const void* data, uint32_t size);

GRUS_END_DECLS

#endif // GRUS_RING_H
