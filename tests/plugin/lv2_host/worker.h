// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// The thread that does what the plugin must not do while it plays

#ifndef GRUS_TESTS_LV2_HOST_WORKER_H
#define GRUS_TESTS_LV2_HOST_WORKER_H

#include "lv2_host/host.h"

#include <lv2/worker/worker.h>

#include <stdint.h>

/// Hand work to the thread, for LV2_Worker_Schedule (playing thread)
LV2_Worker_Status
worker_schedule(LV2_Worker_Schedule_Handle handle,
                uint32_t                   size,
                const void*                data);

/// Start the thread of a plugin that is activated
void
worker_start(Host* host);

/// End the thread; what it has not begun is left undone
void
worker_end(Host* host);

/// Wait for a moment in which the thread may do something
void
worker_wait(void);

#endif // GRUS_TESTS_LV2_HOST_WORKER_H
