// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "grus/ring.h"

#include <stdalign.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { CACHE_LINE = 64 };

static const uint32_t largest = UINT32_C(1) << 30U;

struct GrusRingImpl {
  // On lines of their own, so that the threads do not slow each other
  alignas(CACHE_LINE) _Atomic uint32_t write_head;
  alignas(CACHE_LINE) _Atomic uint32_t read_head;
  alignas(CACHE_LINE) uint32_t size; ///< A power of two
  char* bytes;
};

GrusRing*
grus_ring_new(const uint32_t size)
{
  uint32_t power = 1U;
  while (power < size && power < largest) {
    power *= 2U;
  }
  if (power < size) {
    return NULL;
  }

  GrusRing* const ring = (GrusRing*)aligned_alloc(CACHE_LINE, sizeof(GrusRing));
  char* const     bytes = (char*)malloc(power);
  if (!ring || !bytes) {
    free(bytes);
    free(ring);
    return NULL;
  }

  memset(bytes, 0, power); // So that no page faults later
  atomic_init(&ring->write_head, 0U);
  atomic_init(&ring->read_head, 0U);
  ring->size  = power;
  ring->bytes = bytes;
  return ring;
}

void
grus_ring_free(GrusRing* const ring)
{
  if (ring) {
    free(ring->bytes);
    free(ring);
  }
}

uint32_t
grus_ring_read_space(const GrusRing* const ring)
{
  return atomic_load_explicit(&ring->write_head, memory_order_acquire) -
         atomic_load_explicit(&ring->read_head, memory_order_relaxed);
}

uint32_t
grus_ring_write_space(const GrusRing* const ring)
{
  return ring->size -
         (atomic_load_explicit(&ring->write_head, memory_order_relaxed) -
          atomic_load_explicit(&ring->read_head, memory_order_acquire));
}

bool
grus_ring_read(GrusRing* const ring, void* const data, const uint32_t size)
{
  if (size > grus_ring_read_space(ring)) {
    return false;
  }

  const uint32_t head =
    atomic_load_explicit(&ring->read_head, memory_order_relaxed);
  const uint32_t start = head & (ring->size - 1U);
  const uint32_t first = size < ring->size - start ? size : ring->size - start;
  memcpy(data, ring->bytes + start, first);
  memcpy((char*)data + first, ring->bytes, size - first);
  atomic_store_explicit(&ring->read_head, head + size, memory_order_release);
  return true;
}

bool
grus_ring_write(GrusRing* const   ring,
                const void* const data,
                const uint32_t    size)
{
  if (size > grus_ring_write_space(ring)) {
    return false;
  }

  const uint32_t head =
    atomic_load_explicit(&ring->write_head, memory_order_relaxed);
  const uint32_t start = head & (ring->size - 1U);
  const uint32_t first = size < ring->size - start ? size : ring->size - start;
  memcpy(ring->bytes + start, data, first);
  memcpy(ring->bytes, (const char*)data + first, size - first);
  atomic_store_explicit(&ring->write_head, head + size, memory_order_release);
  return true;
}
