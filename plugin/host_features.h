// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_PLUGIN_HOST_FEATURES_H
#define GRUS_PLUGIN_HOST_FEATURES_H

#include <lv2/core/lv2.h>

/// Return the data of a feature that the host passes, or null if it does not.
/// The list may be null, and features in it may have no name.
void*
host_features_find(const LV2_Feature* const* features, const char* uri);

#endif // GRUS_PLUGIN_HOST_FEATURES_H
