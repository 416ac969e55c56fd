// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_LIVE_SESSION_PARAMS_H
#define GRUS_TOOLS_LIVE_SESSION_PARAMS_H

#include "grus/grus.h"
#include "live/session/session.h"

#include <stddef.h>
#include <stdint.h>

/// Set every parameter whose value is not NaN
void
live_params_apply(LiveSession* session, const float values[GRUS_N_PARAMS]);

/// Set what a preset sets
void
live_params_apply_preset(LiveSession* session, size_t index);

/// Set one parameter while it plays
void
live_params_set(LiveSession* session, GrusParam param, float value);

#endif // GRUS_TOOLS_LIVE_SESSION_PARAMS_H
