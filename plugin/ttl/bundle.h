// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What the bundle has: plugins, models, and the words that its .ttl files use

#ifndef GRUS_PLUGIN_TTL_BUNDLE_H
#define GRUS_PLUGIN_TTL_BUNDLE_H

#include <stdint.h>

enum { N_PLUGINS = 2, N_MODELS = 3 };

/// One of the plugins
typedef struct {
  const char* uri;
  const char* name;
  uint32_t    n_channels;
} Plugin;

/// A model of the bundle, which a preset chooses and no more
typedef struct {
  const char* file; ///< Without its ending, also the preset's name
  const char* label;
} Model;

extern const Plugin bundle_plugins[N_PLUGINS];
extern const Model  bundle_models[N_MODELS];

/// What every .ttl file begins with
extern const char bundle_prefixes[];

#endif // GRUS_PLUGIN_TTL_BUNDLE_H
