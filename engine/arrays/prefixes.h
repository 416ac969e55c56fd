// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file prefixes.h

   Which prefixes of a checkpoint hold a GRU, for whoever named none of them.
*/

#ifndef GRUS_PREFIXES_H
#define GRUS_PREFIXES_H

#include "format/safetensors.h"
#include "grus/gru.h"

#include <stdbool.h>

enum { GRUS_PREFIXES_SIZE = 160 };

/// What follows an error, like `; prefixes that would fit: "encoder."`
typedef struct {
  char text[GRUS_PREFIXES_SIZE]; ///< Empty if none would
} GrusPrefixes;

/// Return whether a file holds the weights of a GRU under a prefix
typedef bool (*GrusPrefixFits)(const GrusSafetensors* file,
                               const char*            prefix,
                               const GrusGru*         gru);

/// Return the prefixes of a file that fit, as many as there is room for
GrusPrefixes
grus_prefixes_find(const GrusSafetensors* file,
                   GrusPrefixFits         fits,
                   const GrusGru*         gru);

#endif // GRUS_PREFIXES_H
