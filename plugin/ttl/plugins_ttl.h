// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_PLUGIN_TTL_PLUGINS_TTL_H
#define GRUS_PLUGIN_TTL_PLUGINS_TTL_H

#include <stdio.h>

/// Write voice.ttl: the project, the properties and the plugins, with the
/// window in the file `window`, or none where it is empty
void
plugins_ttl_write(FILE* file, const char* window);

#endif // GRUS_PLUGIN_TTL_PLUGINS_TTL_H
