// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_PLUGIN_TTL_PRESETS_TTL_H
#define GRUS_PLUGIN_TTL_PRESETS_TTL_H

#include <jansson.h>

#include <stdio.h>

/// Write manifest.ttl: the plugins, their binary, the presets, and the window
/// in the file `window`, or none where it is empty
void
presets_ttl_write_manifest(FILE*       file,
                           json_t*     presets,
                           const char* binary,
                           const char* window);

/// Write presets.ttl: what the presets set, and those that choose a model
void
presets_ttl_write(FILE* file, json_t* presets);

#endif // GRUS_PLUGIN_TTL_PRESETS_TTL_H
