// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

#ifndef GRUS_PARAMS_H
#define GRUS_PARAMS_H

#include "attributes.h"

#include <stdint.h>

/// Everything a person can turn, in the order of the parameter table
typedef enum {
  GRUS_PARAM_ENABLED,   ///< 1 to process, 0 to pass the sound on, delayed
  GRUS_PARAM_REDUCTION, ///< The most that is taken away, dB
  GRUS_PARAM_LISTEN,    ///< 0 for the clean sound, 1 for what was removed
} GrusParam;

enum { GRUS_N_PARAMS = 3 };

/// Kind of values that a parameter takes
typedef enum {
  GRUS_PARAM_FLOAT,  ///< Any value in the range
  GRUS_PARAM_TOGGLE, ///< 0 or 1
  GRUS_PARAM_ENUM,   ///< One of the whole numbers of the range
} GrusParamType;

/// One row of the parameter table
typedef struct {
  const char*   symbol; ///< Name for programs, like "reduction"
  const char*   name;   ///< Name for people, like "Reduction"
  const char*   unit;   ///< Like "dB", empty for none
  GrusParamType type;
  float         minimum;
  float         maximum;
  float         initial;
  const char*   comment; ///< What it does, one sentence
} GrusParamInfo;

/// Return the row of `param`, or null if there is no such parameter
GRUS_API const GrusParamInfo*
grus_param_info(uint32_t param);

#endif // GRUS_PARAMS_H
