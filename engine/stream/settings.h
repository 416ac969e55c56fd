// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// What the parameters ask for

#ifndef GRUS_STREAM_SETTINGS_H
#define GRUS_STREAM_SETTINGS_H

#include "frames/block.h"
#include "grus/attributes.h"
#include "grus/grus.h"
#include "grus/params.h"

#include <stdbool.h>

/// Return whether a parameter is 1
static inline bool
grus_stream_is_on(const GrusStream* const stream, const GrusParam param)
{
  return grus_stream_param(stream, param) == 1.0f;
}

/// Return what the parameters ask of the network
GRUS_REALTIME GrusInferenceMode
grus_stream_mode(const GrusStream* stream);

#endif // GRUS_STREAM_SETTINGS_H
