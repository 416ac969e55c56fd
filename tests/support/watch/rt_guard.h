// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file rt_guard.h

   Watches the thread that plays: between enter and exit it must not allocate,
   lock, wait, or read and write files.  Built with GRUS_RTSAN, it is
   RealtimeSanitizer that watches, and ends the program at the first violation.
   Under other sanitizers, which replace the allocator themselves, it is blind.
*/

#ifndef GRUS_TESTS_RT_GUARD_H
#define GRUS_TESTS_RT_GUARD_H

/// Call first
void
rt_guard_init(void);

void
rt_guard_enter(void);

/// Return how many violations there were since rt_guard_enter()
unsigned
rt_guard_exit(void);

#endif // GRUS_TESTS_RT_GUARD_H
