// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_LIVE_SESSION_PARAMS_H
#define GRUS_TOOLS_LIVE_SESSION_PARAMS_H

#include "grus/grus.h"
#include "live/session/session.h"

#include <stdbool.h>
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

/// Whether to spread the work over blocks of `block` frames: as asked, or where
/// blocks are short, since a whole step in one of them would make it the
/// slowest
bool
live_params_even_load(const LiveSession* session, uint32_t block);

#endif // GRUS_TOOLS_LIVE_SESSION_PARAMS_H
