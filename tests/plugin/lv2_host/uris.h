// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// Numbers for URIs, the same ones for all instances

#ifndef GRUS_TESTS_LV2_HOST_URIS_H
#define GRUS_TESTS_LV2_HOST_URIS_H

#include <lv2/urid/urid.h>

/// Return the number of a URI, a new one if it has none (any thread)
LV2_URID
map_uri(LV2_URID_Map_Handle handle, const char* uri);

/// Return the URI of a number, or null
const char*
unmap_uri(LV2_URID_Unmap_Handle handle, LV2_URID urid);

/// Return the number of a URI
LV2_URID
urid(const char* uri);

#endif // GRUS_TESTS_LV2_HOST_URIS_H
