// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// glibc's own allocator, under the names it keeps for those who replace it

#ifndef GRUS_TESTS_LIBC_ALLOCATOR_H
#define GRUS_TESTS_LIBC_ALLOCATOR_H

#include <stddef.h>

void*
__libc_malloc(size_t size);
void*
__libc_calloc(size_t n, size_t size);
void*
__libc_realloc(void* p, size_t size);
void*
__libc_memalign(size_t alignment, size_t size);
void
__libc_free(void* p);

#endif // GRUS_TESTS_LIBC_ALLOCATOR_H
