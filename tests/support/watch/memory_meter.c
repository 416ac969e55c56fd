// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "memory_meter.h"

#include "libc_allocator.h"

#include <malloc.h>

#include <stddef.h>
#include <stdlib.h>

static size_t n_bytes; ///< In use
static size_t n_most;  ///< The most that were

static void*
count(void* const p)
{
  n_bytes += malloc_usable_size(p);
  n_most = n_bytes > n_most ? n_bytes : n_most;
  return p;
}

void*
malloc(const size_t size)
{
  return count(__libc_malloc(size));
}

void*
calloc(const size_t n, const size_t size)
{
  return count(__libc_calloc(n, size));
}

void*
realloc(void* const p, const size_t size)
{
  n_bytes -= malloc_usable_size(p);
  return count(__libc_realloc(p, size));
}

void*
aligned_alloc(const size_t alignment, const size_t size)
{
  return count(__libc_memalign(alignment, size));
}

void
free(void* const p)
{
  n_bytes -= malloc_usable_size(p);
  __libc_free(p);
}

size_t
memory_meter_start(void)
{
  n_most = n_bytes;
  return n_bytes;
}

size_t
memory_meter_most(void)
{
  return n_most;
}
