// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_RENDER_BATCH_FILES_ENDINGS_H
#define GRUS_TOOLS_RENDER_BATCH_FILES_ENDINGS_H

#include <stdbool.h>

/// Return whether names of sound files end so, in small letters or capitals
bool
endings_have(const char* ending);

/// Return about how many bytes of a file with this ending make a second
double
endings_rate(const char* ending);

#endif // GRUS_TOOLS_RENDER_BATCH_FILES_ENDINGS_H
