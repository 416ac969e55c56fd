// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// The engine's parameters as options of a command line: --output-gain -3

#ifndef GRUS_TOOLS_CLI_PARAM_OPTIONS_H
#define GRUS_TOOLS_CLI_PARAM_OPTIONS_H

#include "grus/grus.h"

#include <stdint.h>

/// Return a parameter's symbol with hyphens, as options are spelled
const char*
param_option_name(uint32_t param);

/// Set every value to NaN: not given
void
param_options_clear(float values[GRUS_N_PARAMS]);

/// Parse a value, a number or an enumeration's label; says what is wrong
int
param_option_parse(uint32_t param, const char* text, float* value);

/// Give a stream all values that were given
void
param_options_apply(const float values[GRUS_N_PARAMS], GrusStream* stream);

#endif // GRUS_TOOLS_CLI_PARAM_OPTIONS_H
