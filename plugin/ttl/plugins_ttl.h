// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_PLUGIN_TTL_PLUGINS_TTL_H
#define GRUS_PLUGIN_TTL_PLUGINS_TTL_H

#include <stdio.h>

/// Write voice.ttl: the project, the properties and the plugins
void
plugins_ttl_write(FILE* file);

#endif // GRUS_PLUGIN_TTL_PLUGINS_TTL_H
