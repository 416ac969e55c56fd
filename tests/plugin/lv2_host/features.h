// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What the host offers to the plugin

#ifndef GRUS_TESTS_LV2_HOST_FEATURES_H
#define GRUS_TESTS_LV2_HOST_FEATURES_H

#include "lv2_host/host.h"

/// Fill the list of features, which points into `host`
void
features_init(Host* host);

#endif // GRUS_TESTS_LV2_HOST_FEATURES_H
