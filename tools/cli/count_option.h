// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_CLI_COUNT_OPTION_H
#define GRUS_TOOLS_CLI_COUNT_OPTION_H

#include <stdint.h>

/// Parse option `name`'s value, a whole number from 1 to `most`, or say what is
/// wrong with it
int
count_option_parse(const char* name,
                   const char* text,
                   uint32_t    most,
                   uint32_t*   value);

#endif // GRUS_TOOLS_CLI_COUNT_OPTION_H
