// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file host.h

   A small LV2 host on lilv, which runs a plugin under the guard of rt_guard.h:
   with a worker thread, log, options, patch messages (messages.h) and state
   (state.h), or with no feature at all.
*/

#ifndef GRUS_TESTS_LV2_HOST_HOST_H
#define GRUS_TESTS_LV2_HOST_HOST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HOST_MAX_BLOCK = 8192, HOST_MAX_CHANNELS = 2 };

/// One plugin in one host
typedef struct HostImpl Host;

/// Return a running plugin found by LV2_PATH, or null with words on stderr
Host*
host_new(const char* uri, double sample_rate, bool with_features);

/// Return one more instance of the same, to be freed before `host`
Host*
host_beside(const Host* host);

void
host_free(Host* host);

/// Deactivate and activate the plugin, which forgets all sound
void
host_restart(Host* host);

uint32_t
host_n_channels(const Host* host);

/// Return the bytes that a host takes for itself, beside the plugin
size_t
host_own_size(void);

/// Return where the value of a control port is, or null
float*
host_control(Host* host, const char* symbol);

/// Run the plugin; return the violations of the real-time rules
unsigned
host_run(Host* host, const float* const* in, float* const* out, uint32_t n);

/// Run silence until the worker has nothing to do and all news have come
void
host_settle(Host* host);

/// Return whether the worker has something to do
bool
host_is_busy(const Host* host);

/// Return the last error in the log
const char*
host_log(const Host* host);

#endif // GRUS_TESTS_LV2_HOST_HOST_H
