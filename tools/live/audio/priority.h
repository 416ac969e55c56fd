// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_LIVE_AUDIO_PRIORITY_H
#define GRUS_TOOLS_LIVE_AUDIO_PRIORITY_H

#include <stdbool.h>

/// Return whether threads of this process may have real-time priority
bool
live_priority_is_allowed(void);

/// Keep all memory from being swapped out; return whether that is allowed
bool
live_priority_lock_memory(void);

#endif // GRUS_TOOLS_LIVE_AUDIO_PRIORITY_H
