// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#include "params.h"

#include <stddef.h>

static const GrusParamInfo table[GRUS_N_PARAMS] = {
  [GRUS_PARAM_ENABLED]   = {"enabled",
                            "Enabled",
                            "",
                            GRUS_PARAM_TOGGLE,
                            0.0f,
                            1.0f,
                            1.0f,
                            "Process the sound, or pass it on unchanged."},
  [GRUS_PARAM_REDUCTION] = {"reduction",
                            "Reduction",
                            "dB",
                            GRUS_PARAM_FLOAT,
                            0.0f,
                            100.0f,
                            100.0f,
                            "The most that is taken away; 100 is everything."},
  [GRUS_PARAM_LISTEN]    = {"listen",
                            "Listen",
                            "",
                            GRUS_PARAM_ENUM,
                            0.0f,
                            1.0f,
                            0.0f,
                            "Hear the clean sound (0) or what was removed (1)."},
};

const GrusParamInfo*
grus_param_info(const uint32_t param)
{
  return param < GRUS_N_PARAMS ? &table[param] : NULL;
}
