// SPDX-FileCopyrightText: 2026 The Grus authors
// SPDX-License-Identifier: ISC

/**
   @file params.h

   The tables of parameters, which a person can change, and of meters, which a
   stream shows.  Command line, live host and plugin make their controls from
   them.  The rows are constants: any thread, real-time safe.
*/

#ifndef GRUS_PARAMS_H
#define GRUS_PARAMS_H

#include "grus/attributes.h"

#include <stdint.h>

GRUS_BEGIN_DECLS

/// Everything a person can turn, in the order of the parameter table
typedef enum {
  GRUS_PARAM_ENABLED,      ///< 1 to process, 0 to pass the sound on, delayed
  GRUS_PARAM_REDUCTION,    ///< The most that is taken away, dB
  GRUS_PARAM_LISTEN,       ///< 0 for the clean sound, 1 for what was removed
  GRUS_PARAM_LINK,         ///< 1 for one mask over all channels, see grus.h
  GRUS_PARAM_INPUT_GAIN,   ///< Before the network, dB
  GRUS_PARAM_OUTPUT_GAIN,  ///< After everything, dB
  GRUS_PARAM_GATE,         ///< Voice activity that opens the gate, 0 for none
  GRUS_PARAM_GATE_HOLD,    ///< Time it stays open after voice, ms
  GRUS_PARAM_GATE_RELEASE, ///< Time it takes to close after that, ms
  GRUS_PARAM_EVEN_LOAD,    ///< 1 to spread the work, 2 for short blocks only
} GrusParam;

enum { GRUS_N_PARAMS = 10 }; ///< Rows of the parameter table

/// Kind of values that a parameter takes
typedef enum {
  GRUS_PARAM_FLOAT,  ///< Any value in the range
  GRUS_PARAM_TOGGLE, ///< 0 or 1
  GRUS_PARAM_ENUM,   ///< One of the whole numbers of the range
} GrusParamType;

/// One row of the parameter table
typedef struct {
  const char*   symbol;  ///< Name for programs, like "reduction"
  const char*   name;    ///< Name for people, like "Reduction"
  const char*   unit;    ///< "dB", "ms", or empty for none
  GrusParamType type;    ///< Which values it takes
  float         minimum; ///< Smallest value, in `unit`
  float         maximum; ///< Largest value, in `unit`
  float         initial; ///< Value in a new stream
  const char* labels[4]; ///< Names of an enumeration's values, null after them
  const char* comment;   ///< What it does, one sentence
} GrusParamInfo;

/// Return the row of `param`, or null if there is no such parameter
GRUS_API const GrusParamInfo*
grus_param_info(uint32_t param);

/// Everything that a stream shows about the sound that is leaving it
typedef enum {
  GRUS_METER_ACTIVITY,     ///< Probability of voice, 0 to 1
  GRUS_METER_REDUCTION,    ///< How much is being taken away, dB
  GRUS_METER_INPUT_LEVEL,  ///< Falling peak before the input gain, dBFS
  GRUS_METER_OUTPUT_LEVEL, ///< Falling peak, dBFS
} GrusMeter;

enum { GRUS_N_METERS = 4 }; ///< Rows of the table of meters

/// One row of the table of meters
typedef struct {
  const char* symbol;  ///< Name for programs, like "activity"
  const char* name;    ///< Name for people, like "Voice activity"
  const char* unit;    ///< "dB", "dBFS", or empty for none
  float       minimum; ///< Smallest value that it shows, in `unit`
  float       maximum; ///< Largest value that it shows, in `unit`
  float       initial; ///< Before any sound
  const char* comment; ///< What it shows, one sentence
} GrusMeterInfo;

/// Return the row of `meter`, or null if there is no such meter
GRUS_API const GrusMeterInfo*
grus_meter_info(uint32_t meter);

GRUS_END_DECLS

#endif // GRUS_PARAMS_H
