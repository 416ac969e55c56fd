// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// The plugin's state, saved and restored as hosts do

#ifndef GRUS_TESTS_LV2_HOST_STATE_H
#define GRUS_TESTS_LV2_HOST_STATE_H

#include "lv2_host/host.h"

#include <stdbool.h>

/**
   Save the state into a folder.  Without one, keep the properties in memory,
   and leave the controls alone: another thread may play meanwhile.
*/
bool
host_save(Host* host, const char* folder);

/// Restore the state in a folder, a preset by its URI, or the one in memory
bool
host_restore(Host* host, const char* source);

#endif // GRUS_TESTS_LV2_HOST_STATE_H
