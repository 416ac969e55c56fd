// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "host/preset_params.h"

#include "grus/params.h"

#include <stdbool.h>

bool
preset_sets(const GrusParam param)
{
  return param != GRUS_PARAM_ENABLED && param != GRUS_PARAM_LINK &&
         param != GRUS_PARAM_INPUT_GAIN && param != GRUS_PARAM_EVEN_LOAD;
}
