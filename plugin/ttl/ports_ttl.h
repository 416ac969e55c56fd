// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_PLUGIN_TTL_PORTS_TTL_H
#define GRUS_PLUGIN_TTL_PORTS_TTL_H

#include "bundle.h"
#include "ports.h"

#include <stdio.h>

/// Write what there is to say about a port, but for its index
void
ports_ttl_write(FILE* file, const Plugin* plugin, const Port* port);

#endif // GRUS_PLUGIN_TTL_PORTS_TTL_H
