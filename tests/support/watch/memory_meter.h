// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file memory_meter.h

   How much memory is in use: in a program with memory_meter.c the allocator
   counts the bytes that it hands out.  Threads are not reckoned with.
*/

#ifndef GRUS_TESTS_MEMORY_METER_H
#define GRUS_TESTS_MEMORY_METER_H

#include <stddef.h>

/// Return the bytes in use, and have the most count from them on
size_t
memory_meter_start(void);

/// Return the most bytes that were in use since memory_meter_start()
size_t
memory_meter_most(void);

#endif // GRUS_TESTS_MEMORY_METER_H
