// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_MESSAGE_H
#define GRUS_MESSAGE_H

#include "grus/status.h"

/// Write the reason of `st` into `message` (null is allowed) and return `st`;
/// what a stranger's text would have a terminal do is made visible
#ifdef __GNUC__
__attribute__((format(printf, 3, 4)))
#endif
GrusStatus
grus_fail(GrusMessage* message, GrusStatus st, const char* format, ...);

#endif // GRUS_MESSAGE_H
