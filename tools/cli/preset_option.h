// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_TOOLS_CLI_PRESET_OPTION_H
#define GRUS_TOOLS_CLI_PRESET_OPTION_H

#include "grus/grus.h"

/**
   Get the values of the preset that --preset names.

   @param values NaN for what the preset leaves as it is.
   @return EXIT_OK, or EXIT_FAILED or EXIT_USAGE after telling why.
*/
int
preset_option_values(const char* name, float values[GRUS_N_PARAMS]);

#endif // GRUS_TOOLS_CLI_PRESET_OPTION_H
