// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

// The engine's parameters as options of a command line: --output-gain -3

#ifndef GRUS_TOOLS_CLI_PARAM_OPTIONS_H
#define GRUS_TOOLS_CLI_PARAM_OPTIONS_H

#include "grus/grus.h"

#include <getopt.h>
#include <stddef.h>

/// What getopt_long() returns for parameter 0; the others follow
enum { PARAM_OPTION = 512 };

enum { MAX_LONG_OPTIONS = 64 };

/**
   Write `own` (ending with a null name) and an option for every parameter.

   @param all Room for #MAX_LONG_OPTIONS.
*/
void
param_options_list(const struct option* own, struct option* all);

/// Print a line of help for every parameter
void
param_options_help(void);

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
